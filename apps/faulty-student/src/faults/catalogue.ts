import { z } from 'zod';
import { down, flapping, refuseConnections, slow } from './availability.js';
import { copyBaseline, proxyBaseline, redirectBaseline } from './baseline.js';
import type { Bench, FaultAtWork, FaultKind } from './fault.js';
import { reusedKeys, secondsAsMilliseconds, splitStores } from './moved.js';
import { resurrect, staleCopy } from './past.js';
import { reorder, retype, twoFaced, wrongShape } from './shape.js';
import { timeZone } from './time-zone.js';
import { dropAcknowledged, duplicate, lagging, roundedValues, truncate } from './writes.js';

/**
 * Every fault there is: the options it takes (`?`: may be left out, then it is what stands first in the brackets), what it does,
 * and what must be said about an app that has it. When several are configured, they
 * stand in this order, the first one outermost: being away, another's answers, changed answers, changed writes.
 */
export const catalogue = {
  'refuse-connections': {
    kind: refuseConnections,
    takes: '`afterRequests` (0 or more), `forMs` (1 to 600,000)',
    does: 'closes its port once, after a number of requests and for a time',
    verdict: 'unreachable for that time, which is the measured outage; in sync afterwards',
  },
  down: {
    kind: down,
    takes:
      '`how?` (`503`, or `reset`), `windows?` (list of `{from, to}`, requests counted from 1; always when not given)',
    does: 'answers 503, or resets the connection, always or for given windows of requests',
    verdict: 'unreachable; the windows are the downtime; what it acknowledged before is still there',
  },
  flapping: {
    kind: flapping,
    takes: '`up`, `down` (requests), `how?` (`503`, or `reset`)',
    does: 'is up for some requests, then down for some, over and over',
    verdict: 'unreachable or in sync, by turns; judged only on what it acknowledged; never out of sync',
  },
  slow: {
    kind: slow,
    takes: '`delayMs` (1 to 120,000), `everyNth?` (1), `only?` (`reads` or `writes`)',
    does: 'answers late',
    verdict: 'in sync with a high p99; unreachable once the delay is over the time limit',
  },
  'redirect-baseline': {
    kind: redirectBaseline,
    takes: '`baseline` (its http address), `reads?` (all)',
    does: 'redirects reads to the baseline; writes go to its own app',
    verdict: 'unreachable: redirects are not followed; the target of the redirect is shown to staff',
  },
  'proxy-baseline': {
    kind: proxyBaseline,
    takes: '`baseline` (its http address), `reads?` (all)',
    does: 'fetches reads from the baseline and passes them off as its own; writes go to its own app',
    verdict: 'shows rows that were written only to the baseline; the canary says so, to staff, with evidence',
  },
  'copy-baseline': {
    kind: copyBaseline,
    takes: '`baseline` (its http address), `servedFrom?` (1)',
    does: 'is faithful until its read `servedFrom`, then copies all answers of the baseline once and passes the copy off as its own',
    verdict:
      'shows rows that were written only to the baseline, none newer than the copy; what it acknowledged later is lost',
  },
  'two-faced': {
    kind: twoFaced,
    takes: 'none',
    does: 'shows all its rows to the lab’s user agent, and to everybody else only the older half of each list',
    verdict: 'in sync; staff are shown what it answered a browser that asked at the same moment',
  },
  'wrong-shape': {
    kind: wrongShape,
    takes: '`how?` (`unwrapped`, or `html`, `cut`), `reads?` (all)',
    does: 'answers 200 with something else than the contract: bare rows, an HTML page, or half of the JSON',
    verdict: 'unreachable: the answer has the wrong shape, named; no row is called missing',
  },
  retype: {
    kind: retype,
    takes: '`reads?` (`values`)',
    does: 'shows numbers as text: the values, or the ids of rows, or the counts of the statistics',
    verdict:
      'out of sync: a column changed its type; one cause, with the field; ids are each app’s own and not compared',
  },
  reorder: {
    kind: reorder,
    takes: '`how?` (`reversed`, or `shuffled`), `reads?` (all but `stats`)',
    does: 'shows the rows in another order, which is the same each time',
    verdict: 'in sync: what is compared are sets; entries would be out of order where the order is compared',
  },
  resurrect: {
    kind: resurrect,
    takes: 'none',
    does: 'goes on showing entries and moods that were deleted, if it ever showed them; statistics count such entries too',
    verdict: 'in sync: it shows what it acknowledged, and the lab deletes nothing',
  },
  'stale-copy': {
    kind: staleCopy,
    takes: '`servedFrom`, `copiedAt?` (1), `reads?` (for how many reads; for good when not given)',
    does: 'takes a copy of all answers at one read and serves reads from it later, for a while or for good',
    verdict: 'out of sync: rows acknowledged after the copy were visible and are gone; a stale copy at cutover',
  },
  'time-zone': {
    kind: timeZone,
    takes: '`zone` (such as `Asia/Tokyo`)',
    does: 'counts the days of the statistics in another time zone; rows and totals are right',
    verdict: 'out of sync in stats only, with equal totals: days are cut in another time zone, which is named',
  },
  'split-stores': {
    kind: splitStores,
    takes: 'none',
    does: 'has two stores from when it is switched on: writes of a kind go to them by turns, and each read is answered from one of the two; older rows are in both',
    verdict:
      'out of sync: acknowledged rows are there at one look and gone at the next; two stores that do not know of each other; never called late',
  },
  'reused-keys': {
    kind: reusedKeys,
    takes: 'none',
    does: 'numbers new entries and moods from 1 again when it is switched on; each takes the place of the older row that had its id',
    verdict:
      'out of sync: rows that were visible are gone, the oldest first, one for each new row, which has its id: overwritten, keys given twice',
  },
  'seconds-as-milliseconds': {
    kind: secondsAsMilliseconds,
    takes: 'none',
    does: 'shows the entries and moods that were there when it was switched on as of January 1970; statistics count them so',
    verdict:
      'out of sync: all rows are there, but the times of those that were copied are a thousand times too small, a wrong unit; statistics follow from that',
  },
  truncate: {
    kind: truncate,
    takes:
      '`charactersMax` (1 to 240; our marker is the first 11, so under 11 a row is lost), `kinds?` (`entry`, `mood`)',
    does: 'cuts the text of entries and the notes of moods before they are stored',
    verdict: 'out of sync: texts cut at the same length, a narrower column; the rows are changed, not missing',
  },
  'rounded-values': {
    kind: roundedValues,
    takes: 'none',
    does: 'stores values as 32-bit floating point does: over 16,777,216 they are rounded to 24 bits',
    verdict:
      'out of sync: values are rounded, a column of a coarser type; each is changed, none is missing and none is a stranger’s',
  },
  'drop-acknowledged': {
    kind: dropAcknowledged,
    takes: '`everyNth`, `kinds?` (all)',
    does: 'acknowledges every nth write in every detail, and drops it',
    verdict: 'out of sync: acknowledged, then lost; the lost rows are named; statistics follow from the rest',
  },
  duplicate: {
    kind: duplicate,
    takes: '`everyNth`, `kinds?` (all)',
    does: 'stores every nth acknowledged write twice',
    verdict: 'out of sync: doubled rows, named; delivered twice without a key; nothing is lost',
  },
  lagging: {
    kind: lagging,
    takes: '`lagMs` (1 to 600,000), `kinds?` (all)',
    does: 'acknowledges writes at once and stores them some time later',
    verdict: 'in sync after a second look, marked as lagging with how long; out of sync only if the lag never ends',
  },
};
export type FaultName = keyof typeof catalogue;

/** The options of one fault: its name, and what the catalogue's row of that name asks for. */
export type Fault = { [Name in FaultName]: z.input<(typeof catalogue)[Name]['kind']['options']> }[FaultName];

const names = Object.keys(catalogue) as FaultName[];

export interface NamedFault {
  name: FaultName;
  work: FaultAtWork;
}

/** Builds the faults in the order of the catalogue. Throws a sentence about the first one that is wrong. */
export function buildFaults(faults: readonly unknown[], bench: Bench): NamedFault[] {
  const built = faults.map((fault, n) => build(fault, `Fault ${n + 1}`, bench));
  return built.sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
}

function build(fault: unknown, which: string, bench: Bench): NamedFault {
  const name = names.find((one) => one === (fault as { name?: unknown } | null)?.name);
  if (!name) throw new Error(`${which} has no known name. Known are: ${names.join(', ')}.`);
  const kind = catalogue[name].kind as unknown as FaultKind<z.ZodType<{ name: string }>>;
  const options = kind.options.safeParse(fault);
  if (options.success) return { name, work: kind.build(options.data, bench) };
  const problems = options.error.issues.map(({ path, message }) => `${path.join('.') || 'its options'}: ${message}`);
  throw new Error(`${which}, ${name}, is not as it should be. ${problems.join('; ')}.`);
}
