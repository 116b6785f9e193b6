import { preflightCheck, type PreflightView } from '#libs/contracts/src/preflight.js';
import { preflightNames } from '#libs/contracts/src/preflight-names.js';
import { allWaiting, isSameAddress, isSettled, isWriteDue, linesOf, namesToMend, newsOf, stepOf } from './preflight.js';

const passed = { state: 'passed', sentence: 'Seen.', next: null, ms: 4 } as const;
const skipped = { state: 'skipped', sentence: 'Nobody asked.', next: null, ms: null } as const;

const view = (part: Partial<PreflightView> = {}): PreflightView => ({
  ...{ preflightId: '1', url: 'https://app.example.org', askedAt: '2026-11-26T10:00:00.000Z', state: 'over', mayWrite: true }, // prettier-ignore
  lines: preflightCheck.options.map((check) => ({ check, ...(check === 'write' ? skipped : passed) })),
  sentence: '8 of 9 passed.',
  ...part,
});
const written = (lines: ReturnType<typeof linesOf>) => lines.find(({ check }) => check === 'write');

it('all lines are there before the first answer, in the order of the contract, and wait', () => {
  expect(Object.keys(preflightNames)).toEqual(preflightCheck.options);
  expect(allWaiting.map(({ check, state }) => [check, state])).toEqual(
    preflightCheck.options.map((check) => [check, 'waiting']),
  );
});

describe('the trial write', () => {
  it('is due once it may be asked for, and only where it is wanted', () => {
    expect(isWriteDue(view(), 'wanted')).toBe(true);
    expect(isWriteDue(view({ mayWrite: false }), 'wanted')).toBe(false);
    expect(isWriteDue(undefined, 'wanted')).toBe(false);
    for (const write of ['unwanted', 'asked', 'refused'] as const) expect(isWriteDue(view(), write)).toBe(false);
  });

  it.each(['wanted', 'asked'] as const)('%s: waits, and the pre-flight is not called over', (write) => {
    expect(isSettled(view(), write)).toBe(false);
    expect(written(linesOf(view(), write))).toMatchObject({ state: 'waiting', sentence: '' });
  });

  it('unwanted: is skipped, and the pre-flight is over', () => {
    expect(isSettled(view(), 'unwanted')).toBe(true);
    expect(written(linesOf(view(), 'unwanted'))).toMatchObject({ state: 'skipped', sentence: 'Nobody asked.' });
    const lines = view().lines.map((line) => (line.check === 'write' ? { ...line, state: 'waiting' as const } : line));
    expect(written(linesOf(view({ lines }), 'unwanted'))?.state).toBe('skipped');
  });

  it('refused: is skipped and says so, and the pre-flight is over', () => {
    expect(isSettled(view(), 'refused')).toBe(true);
    expect(written(linesOf(view(), 'refused'))).toMatchObject({
      ...{ state: 'skipped', sentence: 'It could not be asked for: see below.' },
    });
  });

  it('is shown as it was seen once it was asked for', () => {
    const one = view({ mayWrite: false });
    expect([isSettled(one, 'asked'), isSettled({ ...one, state: 'writing' }, 'asked')]).toEqual([true, false]);
    expect(linesOf(one, 'asked')).toBe(one.lines);
  });
});

describe('what the form offers', () => {
  const check = (part: Partial<Parameters<typeof stepOf>[0]> = {}) => ({
    ...{ isRunning: false, url: 'https://app.example.org', lines: view().lines },
    ...part,
  });
  const broken = view().lines.map((line) => (line.check === 'stats' ? { ...line, state: 'failed' as const } : line));

  it('is to submit what nothing failed of, and to mend what did', () => {
    expect(stepOf(check(), 'https://app.example.org/')).toBe('submit');
    expect(stepOf(check({ lines: broken }), 'https://app.example.org')).toBe('mend');
    expect(namesToMend(broken)).toEqual(['Stats']);
  });

  it('begins anew where another address was typed, or nothing was checked', () => {
    expect(stepOf(check(), 'https://other.example.org')).toBe('fresh');
    expect(stepOf(check({ url: null }), '')).toBe('fresh');
  });

  it('waits while a check runs', () => {
    expect(stepOf(check({ isRunning: true }), 'https://other.example.org')).toBe('running');
  });
});

it.each([
  ['https://App.example.org', ' https://app.example.org/ ', true],
  ['https://app.example.org/a/', 'https://app.example.org/a', true],
  ['https://app.example.org:443', 'https://app.example.org', true],
  ['http://app.example.org', 'https://app.example.org', false],
  ['https://app.example.org/a', 'https://app.example.org/b', false],
  ['not an address', 'not an address', true],
])('%s and %s lead to the same place: %s', (one, other, isSame) => {
  expect(isSameAddress(one, other)).toBe(isSame);
});

it('only lines that came since are news', () => {
  const lines = view().lines.slice(0, 2);
  expect(newsOf([...lines, ...allWaiting.slice(2)], new Set(['address']))).toBe('DNS: passed.');
  expect(newsOf(allWaiting, new Set())).toBe('');
});
