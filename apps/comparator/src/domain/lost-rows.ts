import type { DifferenceName, EndpointLook } from './look.js';
import type { MistakeName } from './mistakes.js';

/** How rows lie among all that an endpoint was asked for, in the order of writing; or that newer rows have their ids. */
export type Pattern = Stretch | 'scattered' | 'overwritten';
type Stretch = 'all' | 'newest' | 'oldest' | 'range';

/** Rows that stand together by chance are few: so many are needed to call them a stretch. */
const stretchMin: Readonly<Record<Stretch, number>> = { all: 2, newest: 2, oldest: 2, range: 3 };
const stretches = ['all', 'newest', 'oldest', 'range'] as const;

/**
 * How the lost rows of each endpoint lie. A mistake strikes all kinds alike, so a stretch that fits all of them counts for all; one
 * row alone is a stretch only beside others, and the oldest rows have been overwritten where another kind shows it: of few nothing may
 * be left to show it by.
 */
export function patternsOf(endpoints: readonly EndpointLook[]): Map<string, Pattern> {
  const common = stretches.find(
    (pattern) =>
      endpoints.every((one) => fits(one, pattern)) && endpoints.some(({ missing }) => missing >= stretchMin[pattern]),
  );
  const isAgain = endpoints.some(({ keysAgain }) => keysAgain);
  return new Map(
    endpoints.map((endpoint) => {
      const pattern = common ?? ownPattern(endpoint);
      return [endpoint.path, endpoint.keysAgain || (isAgain && pattern === 'oldest') ? 'overwritten' : pattern];
    }),
  );
}

const ownPattern = (endpoint: EndpointLook): Pattern =>
  stretches.find((pattern) => endpoint.missing >= stretchMin[pattern] && fits(endpoint, pattern)) ?? 'scattered';

/** Beyond the rows that are named, a stretch is taken to go on when it is as long as what is lost. */
function fits(endpoint: EndpointLook, pattern: Stretch): boolean {
  const { missing, asked } = endpoint;
  const first = firstOfStretch(endpoint, 'missing');
  if (first === undefined) return false;
  const end = first + missing;
  if (pattern === 'all') return first === 0 && end === asked;
  if (pattern === 'newest') return end === asked;
  return pattern === 'oldest' ? first === 0 : true;
}

/** The place where rows that stand side by side begin; undefined when others are between them, or their places are not known. */
function firstOfStretch({ found }: EndpointLook, of: DifferenceName): number | undefined {
  const places = found.flatMap(([kind, , , place]) => (kind === of ? [place] : []));
  const [first, last] = [places[0], places.at(-1)];
  return first !== undefined && last !== undefined && last - first === places.length - 1 ? first : undefined;
}

/** Whether at least three such rows stand side by side, and newer ones are as they should be. */
export function isStretchBefore(endpoint: EndpointLook, of: 'missing' | 'doubled'): boolean {
  const first = firstOfStretch(endpoint, of);
  return first !== undefined && endpoint[of] >= 3 && first + endpoint[of] < (endpoint.asked ?? 0);
}

/** `hasHealed`: rows that were missing at an earlier look have come since. */
export function mistakeOfLost(pattern: Pattern, hasHealed: boolean): MistakeName {
  if (pattern === 'overwritten') return 'keys-given-twice';
  if (pattern === 'newest') return hasHealed ? 'lagging-replica' : 'stale-copy';
  if (pattern === 'all') return 'not-stored';
  if (pattern === 'oldest') return 'missed-backfill';
  return pattern === 'range' ? 'missed-range' : 'acknowledged-before-commit';
}

/** What follows the sentence that says which rows are lost. */
export const patternText: Readonly<Record<Pattern, string>> = {
  all: ', and none is',
  newest: '; all older ones are',
  oldest: '; all newer ones are',
  range: '; they stand side by side, and those before and after them are there',
  scattered: '',
  overwritten: '; newer rows have the ids that were theirs: the numbering has begun again',
};
