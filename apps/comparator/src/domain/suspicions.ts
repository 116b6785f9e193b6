import type { BrowserFindings } from './as-browser.js';
import type { CanaryFindings } from './canaries.js';
import type { EndpointLook, Look } from './look.js';
import type { Suspicion } from '#libs/contracts/src/comparator.js';
import { cutText } from '#libs/parity/src/fields.js';

const sentenceCharsMax = 700;

/**
 * What the looks of a comparison say about whose data an app shows, for staff, the strongest first. `settled`: the newest look, with
 * nothing but what has lasted. What has not lasted is a hint at most.
 */
export function suspicionsOf(looks: readonly Look[], settled: Look): Suspicion[] {
  const canaries = settled.endpoints.flatMap((endpoint) => endpoint.canaries ?? []);
  const range = {
    newestShown: Math.max(...canaries.map(({ newestShown }) => newestShown)),
    newest: Math.max(...canaries.map(({ newest }) => newest)),
  };
  const found = [
    ...settled.endpoints.flatMap((endpoint) => [...baselineRows(endpoint, range), ...redirect(endpoint)]),
    ...looks.flatMap(({ endpoints }) => endpoints.flatMap(specialAnswers)),
  ];
  return found
    .map((one) => ({ ...one, sentence: cutText(one.sentence, sentenceCharsMax) }))
    .toSorted((a, b) => order.indexOf(a.strength) - order.indexOf(b.strength));
}

const order: readonly Suspicion['strength'][] = ['proof', 'hint', 'note'];

/** Over all lists: the fill of the newest such row that the app shows, and of the newest that the baseline shows. */
type Range = Pick<CanaryFindings, 'newestShown' | 'newest'>;

function baselineRows({ path, canaries, foreign = 0 }: EndpointLook, range: Range): Suspicion[] {
  if (!canaries) return [];
  const rows = canaries.sightings.map(({ marker, fill, writtenAt, baseline, app }) => ({
    ...{ marker, fill, writtenAt },
    sides: [
      { name: 'baseline', row: baseline },
      { name: 'app', row: app },
    ],
  }));
  const strength = foreign > 0 ? ('proof' as const) : ('hint' as const);
  const why = foreign > 0 ? proofText(canaries) : hintText;
  return [{ kind: 'baseline-rows', strength, path, rows, sentence: `${shownText(canaries.shown, range)} ${why}` }];
}

function shownText(shown: number, { newestShown, newest }: Range): string {
  const what = `It shows ${plural(shown, 'row')} that ${shown === 1 ? 'was' : 'were'} written only to the baseline`;
  return newestShown < newest
    ? `${what}. In no list it shows one newer than fill ${newestShown}, although the baseline shows one of fill ${newest}: a copy that was taken in between.`
    : `${what}. It shows them up to the newest, of fill ${newest}: it reads from the baseline, or from a fresh copy.`;
}

/** Of a list whose rows carry no time, the copies are in another one. */
const proofText = ({ copies }: CanaryFindings): string =>
  copies > 0
    ? `${copies === 1 ? 'One has' : `${copies} have`} the baseline’s time to the millisecond, which nobody who writes into the app can choose.`
    : 'These rows carry no time; rows of another list of this app have the baseline’s, to the millisecond.';
const hintText =
  'That is no proof: somebody may have written them into the app, or it was restored from a copy of the baseline after it had missed writes. Look before you judge; the verdict does not count them.';

/** A redirect is never followed; to the baseline it speaks for itself. */
function redirect({ path, app, baseline }: EndpointLook): Suspicion[] {
  if (app.leadsTo === undefined) return [];
  const target = URL.parse(app.leadsTo, app.url);
  const isBaseline = target !== null && target.origin === URL.parse(baseline.url)?.origin;
  const sentence = isBaseline
    ? `It redirects to the baseline: ${app.leadsTo}. We did not follow.`
    : `It redirects to ${app.leadsTo}. We did not follow.`;
  return [{ kind: 'redirect', strength: isBaseline ? 'proof' : 'note', path, rows: [], sentence }];
}

function specialAnswers({ path, asBrowser }: EndpointLook): Suspicion[] {
  if (!asBrowser) return [];
  const rows = asBrowser.samples.map(({ marker, fill, acknowledgedAt, toUs, toBrowser }) => ({
    ...{ marker, fill, writtenAt: acknowledgedAt },
    sides: [
      { name: 'to us', row: toUs },
      { name: 'to a browser', row: toBrowser },
    ],
  }));
  return [{ kind: 'special-answers', strength: 'hint', path, rows, sentence: specialText(asBrowser) }];
}

function specialText({ onlyToUs, onlyToBrowser }: BrowserFindings): string {
  const parts = [
    ...(onlyToUs ? [`${plural(onlyToUs, 'row')} to us only`] : []),
    ...(onlyToBrowser ? [`${plural(onlyToBrowser, 'row')} to the browser only`] : []),
  ];
  return `Asked twice at the same moment, by us and as a browser, it showed ${parts.join(' and ')}, acknowledged a minute before or earlier. Reads from a lagging replica look the same: compare again. The verdict does not count it.`;
}

const plural = (count: number, word: string): string =>
  `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
