import { pastState } from '../api/board-state.js';
import type { LiveState } from '../api/live-board.js';
import { useBoardAt } from '../api/queries.js';

/** A board of the past, to be shown in the place of the live one. */
export interface PastBoard {
  readonly at: string;
  readonly shown: LiveState;
}

/** The time that an address names; null when it names none, or nothing that is a time. */
export function timeIn(params: URLSearchParams): string | null {
  const ms = Date.parse(params.get('at') ?? '');
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

/** The board as it was then; none while the newest is shown, and until it is read: then the live one is, and is called so. */
export function usePastBoard(at: string | null, live: LiveState) {
  const { data, error, refetch } = useBoardAt(at);
  const past: PastBoard | null =
    at !== null && data ? { at: data.asOf, shown: { ...live, board: pastState(data) } } : null;
  return { past, problem: at === null ? null : error, retry: () => void refetch() };
}
