import type { BoardRow } from '#libs/contracts/src/leaderboard.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';
import { verdicts } from '../parts/verdict-words.js';

export interface BoardFilter {
  readonly verdict: Verdict | null;
  readonly search: string;
}

export function readFilter(params: URLSearchParams): BoardFilter {
  const verdict = verdicts.find((one) => one === params.get('verdict')) ?? null;
  return { verdict, search: params.get('search') ?? '' };
}

/** Search looks in name, team and address; every word must be found. */
export function isShown(row: BoardRow, { verdict, search }: BoardFilter): boolean {
  if (verdict && row.verdict !== verdict) return false;
  const text = `${row.name} ${row.team ?? ''} ${row.url}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
