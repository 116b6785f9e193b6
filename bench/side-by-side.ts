/** One gate as `lockstep bench` reads it. `ratio` is better the larger it is. */
export interface Gate {
  readonly name: string;
  readonly ratio: number;
  readonly gate: number;
  readonly ok: boolean;
  /** Medians with their extremes, for people. */
  readonly measured: string;
}

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** "412 (371–455)" */
export const spread = (values: readonly number[], digits = 0): string =>
  `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})`;

/** Runs both in turns, each first every other time, after one turn that does not count. */
export async function alternate<A, B>(
  pairs: number,
  one: () => Promise<A>,
  other: () => Promise<B>,
): Promise<{ ones: A[]; others: B[] }> {
  const ones: A[] = [];
  const others: B[] = [];
  await one();
  await other();
  for (let pair = 0; pair < pairs; pair += 1) {
    if (pair % 2 === 0) ones.push(await one());
    others.push(await other());
    if (pair % 2 === 1) ones.push(await one());
  }
  return { ones, others };
}

export const gate = (name: string, ratio: number, wanted: number, measured: string): Gate => ({
  name,
  ratio: Math.round(ratio * 100) / 100,
  gate: wanted,
  ok: ratio >= wanted,
  measured,
});

/** The last line is for machines. */
export function report(gates: readonly Gate[]): void {
  for (const one of gates)
    console.log(`${one.ok ? '◆' : '▲'} ${one.name}: ${one.ratio} (gate ${one.gate}): ${one.measured}`);
  console.log(JSON.stringify({ gates }));
}
