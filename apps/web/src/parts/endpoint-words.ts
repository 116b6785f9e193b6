import type { EndpointParity } from '#libs/contracts/src/comparator.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

type Counts = Pick<EndpointParity, 'path' | 'matched' | 'missing' | 'changed' | 'doubled' | 'outside' | 'foreign'>;
const names = ['matched', 'missing', 'changed', 'doubled', 'outside'] as const;

/** Whether anything was judged: an endpoint that could not be read has counts of nothing, which are no news. */
export const isJudged = (verdict: Verdict): boolean => verdict === 'in-sync' || verdict === 'out-of-sync';

/** Statistics are figures that follow from rows; everything else is rows. */
export const isFigures = ({ path }: Pick<EndpointParity, 'path'>): boolean => /\/stats\//.test(path);

export const differing = ({ missing, changed, doubled, foreign = 0 }: Counts): number =>
  missing + changed + doubled + foreign;

/** What there is to say of an endpoint that was judged, in order: rows matched, and of the rest only what there is. */
export function countsInWords(endpoint: Counts): { value: number; word: string }[] {
  if (isFigures(endpoint))
    return [
      { value: endpoint.matched, word: endpoint.matched === 1 ? 'figure follows' : 'figures follow' },
      ...(endpoint.changed > 0
        ? [{ value: endpoint.changed, word: endpoint.changed === 1 ? 'does not' : 'do not' }]
        : []),
    ];
  const { foreign = 0 } = endpoint;
  return [
    ...names
      .filter((name) => name === 'matched' || endpoint[name] > 0)
      .map((name) => ({ value: endpoint[name], word: name as string })),
    ...(foreign > 0 ? [{ value: foreign, word: 'only the baseline’s' }] : []),
  ];
}
