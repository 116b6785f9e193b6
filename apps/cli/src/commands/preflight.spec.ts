import { codeOf, follow, lineText, type Asking } from './preflight.js';
import { preflightNames } from '#libs/contracts/src/preflight-names.js';
import { preflightCheck, type PreflightCheck, type PreflightView } from '#libs/contracts/src/preflight.js';

type Line = PreflightView['lines'][number];
const line = (check: PreflightCheck, state: Line['state'] = 'passed', more: Partial<Line> = {}): Line => ({
  ...{ check, state, sentence: `${check} ${state}.`, next: null, ms: null },
  ...more,
});
const view = (state: PreflightView['state'], lines: readonly Line[], mayWrite = false): PreflightView => ({
  preflightId: '0f0e1d2c-3b4a-4596-8778-695a4b3c2d1e',
  ...{ url: 'https://ada.example.org', askedAt: '2026-11-26T10:00:00.000Z', state, mayWrite },
  ...{ lines: [...lines], sentence: 'So it is.' },
});

describe('a line of a pre-flight', () => {
  it.each<[Line['state'], string]>([
    ['passed', '✓'],
    ['warned', '!'],
    ['failed', '×'],
    ['unknown', '?'],
    ['skipped', '–'],
  ])('that has %s begins with %s', (state, glyph) => {
    expect(lineText(line('clock', state))).toBe(`${glyph} Clock                clock ${state}.`);
  });

  it('has what to do below what was seen', () => {
    const text = lineText(line('write', 'failed', { sentence: 'It answered 500.', next: 'Answer 200.' }));
    expect(text).toBe(`× Write and read back  It answered 500.\n${' '.repeat(23)}Answer 200.`);
  });

  it('has a name for every check', () => {
    expect(Object.keys(preflightNames)).toEqual(preflightCheck.options);
  });
});

describe('who follows a pre-flight', () => {
  /** A gateway that shows one view after the other; the write is among them. */
  const gatewayOf = (...views: PreflightView[]): Asking & { readonly asked: string[] } => {
    const asked: string[] = [];
    const give = (what: string) => async () => (asked.push(what), views.shift()!);
    return { look: give('look'), write: give('write'), asked };
  };
  let told: string[];
  beforeEach(() => (told = []));
  const tell = ({ check, state }: Line) => void told.push(`${check} ${state}`);
  const how = { write: true, tell, isLate: () => false };

  const read = [line('address'), line('moods')];
  const readable = view('over', [...read, line('write', 'skipped')], true);
  const written = view('over', [...read, line('write', 'passed')]);

  it('reads each line once, as it comes, and the write after it was asked for', async () => {
    const waiting = line('moods', 'waiting');
    const begun = view('reading', [line('address'), waiting, line('write', 'skipped')]);
    const writing = view('writing', [...read, line('write', 'waiting')]);
    const gateway = gatewayOf(begun, readable, writing, writing, written);
    expect(await follow(begun, how, gateway)).toBe(written);
    expect(gateway.asked).toEqual(['look', 'look', 'write', 'look', 'look']);
    expect(told).toEqual(['address passed', 'moods passed', 'write passed']);
  });

  it('and wants no write, is told that nobody asked for it, and the app is left alone', async () => {
    const gateway = gatewayOf();
    expect(await follow(readable, { ...how, write: false }, gateway)).toBe(readable);
    expect([gateway.asked, told]).toEqual([[], ['address passed', 'moods passed', 'write skipped']]);
  });

  it('asks for no write of an app that could not be read', async () => {
    const failed = view('over', [line('address', 'failed'), line('moods', 'skipped'), line('write', 'skipped')]);
    const gateway = gatewayOf();
    expect(await follow(failed, how, gateway)).toBe(failed);
    expect([gateway.asked, told]).toEqual([[], ['address failed', 'moods skipped', 'write skipped']]);
  });

  it('asks for the write once, even of a gateway that has not noticed', async () => {
    const gateway = gatewayOf(readable, readable);
    expect(await follow(readable, how, gateway)).toBe(readable);
    expect(gateway.asked).toEqual(['write', 'look']);
  });

  it('does not wait for ever', async () => {
    const stuck = view('reading', [line('address', 'waiting')]);
    expect(await follow(stuck, { ...how, isLate: () => true }, gatewayOf())).toBe(stuck);
  });
});

it.each<[string, number, PreflightView]>([
  ['all passed', 0, view('over', [line('address'), line('clock', 'warned'), line('write', 'skipped')])],
  ['one failed', 1, view('over', [line('address', 'failed'), line('moods', 'skipped'), line('clock', 'unknown')])],
  ['one not known', 2, view('over', [line('address'), line('moods', 'unknown')])],
  ['not over', 2, view('reading', [line('address'), line('moods', 'waiting')])],
])('the exit code of a pre-flight: %s: %i', (_what, code, seen) => {
  expect(codeOf(seen)).toBe(code);
});
