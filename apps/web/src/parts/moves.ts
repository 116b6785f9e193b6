import type { ReactNode } from 'react';
import type { RankChange, RankMove } from '#libs/contracts/src/board-preview.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

/** What would become of an app. */
export interface Move {
  readonly appId: string;
  readonly appName: string;
  /** Where it is told in full. */
  readonly to: string;
  /** Undefined for who has none yet. */
  readonly before?: Verdict | undefined;
  /** Undefined: nothing is said of it; it moves because others do. */
  readonly after?: Verdict | undefined;
  readonly rank?: RankChange | undefined;
  /** In the line below. */
  readonly more?: ReactNode;
}

/** Who gets another verdict, each with its rank; then who moves on the board only because of them. */
export function withRanks(moves: readonly Move[], ranks: readonly RankMove[]): Move[] {
  const rankOf = new Map(ranks.map(({ appId, rank }) => [appId, rank]));
  const told = new Set(moves.map(({ appId }) => appId));
  const others = ranks.filter(({ appId }) => !told.has(appId));
  return [
    ...moves.map((move) => ({ ...move, rank: rankOf.get(move.appId) })),
    ...others.map(({ appId, appName, rank }) => ({ appId, appName, rank, to: `/apps/${appId}` })),
  ];
}
