/**
 * Two names may lead to one app: the same server submitted twice, by two students or under two names. Whoever submitted first would
 * then get every row twice, and be blamed for it. So no two targets of a fill that lead to the same place are filled at the same time,
 * and the later one first looks whether the rows of this fill are there already: then its writes are skipped.
 *
 * Why not skip it for its address alone: a host with many customers gives a whole class one address. Why not look afterwards: the rows
 * would be there twice by then, for good. What this cannot see: an app that passes its writes on to another's server; but so can
 * anybody with a terminal.
 *
 * A place is an address, or address and port where staff have allowed a local app: there every app has the same address.
 */
export interface PlacedTarget {
  readonly targetId: string;
  /** Where its name leads now; empty when nobody knows. */
  readonly places: readonly string[];
  /** Where it has been told from all others before. */
  readonly settledAt: readonly string[];
}

/** Whether a target leads nowhere but where it was told from all others before. */
export const isSettled = ({ places, settledAt }: PlacedTarget): boolean =>
  places.length > 0 && places.every((place) => settledAt.includes(place));

/**
 * For every target the ones whose parts must have ended before its own begins: nobody for one that is settled; else those at the same
 * place that are settled or joined before it. `targets` in the order of joining. No circle: the settled wait for nobody.
 */
export function whoWaitsForWhom(targets: readonly PlacedTarget[]): Map<string, string[]> {
  const waits = new Map<string, string[]>();
  targets.forEach((target, index) => {
    const isBefore = (other: PlacedTarget, at: number) => other !== target && (at < index || isSettled(other));
    const before = targets.filter(
      (other, at) => isBefore(other, at) && other.places.some((place) => target.places.includes(place)),
    );
    waits.set(target.targetId, isSettled(target) ? [] : before.map(({ targetId }) => targetId));
  });
  return waits;
}
