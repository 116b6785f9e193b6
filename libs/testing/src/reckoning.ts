import type { Lab } from './lab.js';
import type { Submitter } from './submitting.js';

/** What is wrong after a fault, counted: what people were told against what is there. */
export interface Reckoning {
  readonly lost: number;
  readonly duplicated: number;
  readonly phantom: number;
  readonly outOfOrder: number;
  /** Apps that were accepted and are not on the board. */
  readonly missing: readonly string[];
  /** Apps that the submission service or the board has twice, or whose joining the board has told twice. */
  readonly twice: readonly string[];
  /** Events held back: a fault of the machinery is no fault of theirs. */
  readonly held: number;
}

export const nothingWrong: Reckoning = {
  ...{ lost: 0, duplicated: 0, phantom: 0, outOfOrder: 0 },
  ...{ missing: [], twice: [], held: 0 },
};

/** Waits until the lab has settled by itself, then counts. Submission and leaderboard must be running. */
export async function reckon(lab: Lab, submitter: Submitter, deadlineMs = 60_000): Promise<Reckoning> {
  await lab.settle({ deadlineMs });
  const { lost, duplicated, phantom, outOfOrder } = await lab.ledger();
  const names = async (service: 'submission' | 'leaderboard', sql: string) =>
    (await lab.query<{ name: string }>(service, sql)).map((row) => row.name);
  const shown = await names('leaderboard', 'select name from standing where known');
  const told = `select replace(text, ' joined.', '') as name from log_line where text like '% joined.'`;
  const lists = [shown, await names('submission', 'select name from app'), await names('leaderboard', told)];
  const isShown = new Set(shown);
  let held = 0;
  for (const service of lab.running())
    held += (await lab.query<{ n: number }>(service, 'select count(*)::int as n from held'))[0]!.n;
  return {
    ...{ lost, duplicated, phantom, outOfOrder },
    missing: submitter.accepted.filter((name) => !isShown.has(name)),
    twice: lists.flatMap(repeated),
    held,
  };
}

function repeated(list: readonly string[]): string[] {
  const seen = new Set<string>();
  return list.filter((one) => seen.size === seen.add(one).size);
}
