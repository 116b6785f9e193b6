import type { EndpointParity } from '#libs/contracts/src/comparator.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

type Counts = Pick<
  EndpointParity,
  'path' | 'matched' | 'missing' | 'absent' | 'changed' | 'doubled' | 'outside' | 'foreign'
>;
const names = ['matched', 'missing', 'absent', 'changed', 'doubled', 'outside'] as const;

/** Whether anything was judged: an endpoint that could not be read has counts of nothing, which are no news. */
export const isJudged = (verdict: Verdict): boolean => verdict === 'in-sync' || verdict === 'out-of-sync';

/** Statistics are figures that follow from rows; everything else is rows. */
export const isFigures = ({ path }: Pick<EndpointParity, 'path'>): boolean => /\/stats\//.test(path);

export const differing = ({ missing, absent = 0, changed, doubled, foreign = 0 }: Counts): number =>
  missing + absent + changed + doubled + foreign;

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
      .map((name) => ({ value: endpoint[name] ?? 0, word: name as string }))
      .filter(({ value, word }) => word === 'matched' || value > 0),
    ...(foreign > 0 ? [{ value: foreign, word: 'only the baseline’s' }] : []),
  ];
}
