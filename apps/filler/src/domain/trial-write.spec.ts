import { lineOf, oursLine, trialText, type TrialAnswer, type TrialLook, type TrialSeen } from './trial-write.js';
import { preflightLine } from '#libs/contracts/src/preflight.js';
import { findMarker } from '#libs/parity/src/marker.js';

const refusedTrouble = { sentence: 'Nothing listens on this port.', fix: 'Start the app.' };
const lateTrouble = { sentence: 'No answer began in time.', fix: 'Answer sooner.' };
const dnsTrouble = { sentence: 'The lab gets no answers from its own DNS.', fix: 'Staff check the resolver.' };

const write = (outcome: TrialAnswer['outcome'], more: Partial<TrialAnswer> = {}): TrialAnswer => ({
  ...{ outcome, status: outcome === 'acknowledged' ? 200 : null, trouble: null, ms: 12.3 },
  ...more,
});
const look = (outcome: TrialLook['outcome'], afterMs = 0, more: Partial<TrialLook> = {}): TrialLook => ({
  ...{ outcome, status: outcome === 'ours' ? null : 200, trouble: null, afterMs },
  ...more,
});
const three = (outcome: TrialLook['outcome'], more: Partial<TrialLook> = {}) =>
  [0, 1_000, 2_800].map((afterMs) => look(outcome, afterMs, more));

const acknowledged = write('acknowledged');
const silent = write('unknown', { trouble: lateTrouble });
const failing = write('unknown', { status: 500 });

describe('the line of a trial write', () => {
  it.each<[string, TrialSeen, string, RegExp, RegExp | null]>([
    ['passes what is in the list at once', { write: acknowledged, looks: [look('shown')] }, 'passed', /^An entry was acknowledged in 12 ms and is in its list\.$/, null],
    ['warns of what shows only later', { write: acknowledged, looks: [look('absent'), look('shown', 1_004)] }, 'warned', /is in its list only 1\.0 s later: pending verdicts are likely\.$/, /before you acknowledge/],
    ['warns where the list failed at first', { write: acknowledged, looks: [look('failed', 0, { status: 503 }), look('shown', 1_000)] }, 'warned', /only 1\.0 s later/, /./],
    ['does not hold a look that we could not take against the app', { write: acknowledged, looks: [look('ours'), look('shown', 1_000)] }, 'passed', /and is in its list\.$/, null],
    ['fails what was acknowledged and is not shown', { write: acknowledged, looks: three('absent') }, 'failed', /acknowledged in 12 ms, but the entry is not in its list after 2\.8 s\.$/, /would count as lost/],
    ['fails an acknowledged one whose list answers otherwise', { write: acknowledged, looks: three('failed', { status: 503 }) }, 'failed', /but its list could not be read: It answered 503 instead of 200\.$/, /GET \/api\/journal\/entries\/all/],
    ['knows nothing when we could not look', { write: acknowledged, looks: [look('absent'), look('ours', 1_000, { trouble: dnsTrouble })] }, 'unknown', /^Our side failed\. The lab gets no answers/, /Nothing to do for the app/],
    ['fails a refusal, with its status', { write: write('refused', { status: 404 }), looks: [] }, 'failed', /^It answered 404 instead of 200\.$/, /POST \/api\/journal\/entries must answer 200/],
    ['fails the contract’s no', { write: write('refused', { status: 200 }), looks: [] }, 'failed', /^It answered 200, but did not say that it took the entry\.$/, /POST/],
    ['fails a redirect, and asks where it leads', { write: write('refused', { status: 307 }), looks: [] }, 'failed', /^It answered 307, a redirect, which is never followed\.$/, /^Give the URL/],
    ['fails where nobody listens', { write: write('refused', { trouble: refusedTrouble }), looks: [] }, 'failed', /^Nothing listens on this port\.$/, /^Start the app\.$/],
    ['fails a 500 that took nothing', { write: failing, looks: three('absent') }, 'failed', /^It answered 500 instead of 200, and the entry is not in its list after 2\.8 s\.$/, /POST/],
    ['warns of a 500 that took it', { write: failing, looks: [look('shown')] }, 'warned', /^It answered 500 instead of 200, but the entry is in its list\.$/, /POST/],
    ['fails silence', { write: silent, looks: three('failed', { status: null, trouble: lateTrouble }) }, 'failed', /^No answer began in time, and its list could not be read: No answer began in time\.$/, /^Answer sooner\.$/],
    ['knows nothing when our side kept it from leaving', { write: write('ours', { trouble: dnsTrouble }), looks: [] }, 'unknown', /^Our side failed\. The lab gets no answers/, /Nothing to do for the app/],
    ['passes what we were interrupted at, and is there', { write: null, looks: [look('absent'), look('shown', 1_000)] }, 'passed', /our side was interrupted\.$/, null],
    ['knows nothing of what we were interrupted at, and is not there', { write: null, looks: three('absent') }, 'unknown', /^Our side failed\. It was interrupted/, /Start the pre-flight again/],
    ['blames nobody where nobody looked', { write: acknowledged, looks: [] }, 'unknown', /^Our side failed\./, /Nothing to do/],
  ])('%s', (_what, seen, state, sentence, next) => {
    const line = lineOf(seen);
    expect(preflightLine.parse(line)).toEqual(line);
    expect([line.check, line.state, line.ms]).toEqual(['write', state, seen.write ? 12 : null]);
    expect(line.sentence).toMatch(sentence);
    if (next) expect(line.next).toMatch(next);
    else expect(line.next).toBeNull();
  }); // prettier-ignore

  it('is as long as a line may be, whatever the words of egress are', () => {
    const trouble = { sentence: `${'x'.repeat(500)}.`, fix: 'y'.repeat(500) };
    expect(preflightLine.safeParse(lineOf({ write: write('refused', { trouble }), looks: [] })).success).toBe(true);
    expect(preflightLine.safeParse(oursLine('z'.repeat(500))).success).toBe(true);
  });
});

it('the entry of a trial says what it is, and ends with its marker', () => {
  expect(trialText('~0123456789')).toBe('Lockstep pre-flight ~0123456789');
  expect(findMarker(trialText('~0123456789'))).toBe('~0123456789');
});
