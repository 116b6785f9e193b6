import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PastBoard } from './past-board.js';
import { FreezeRepository } from '../persistence/freeze.repository.js';
import type { BoardUpdate, BoardView } from '#libs/contracts/src/gateway.js';
import type { Freeze } from '#libs/contracts/src/leaderboard.js';

/** What everybody but staff sees meanwhile: the same objects for all of them. */
export interface FrozenView {
  readonly at: string;
  readonly view: BoardView;
  readonly update: BoardUpdate;
}

/**
 * Whether the scoreboard is frozen, as the leaderboard last said, and how it looks then. Freezing is time held: nothing here changes
 * until the thaw, whatever happens. Every public answer asks this one place.
 */
@Injectable()
export class FrozenBoard implements OnModuleInit {
  private frozen: FrozenView | null = null;
  /** A board that could not be read yet: only when it was frozen before we started. */
  private isRead = true;

  constructor(
    private readonly repository: FreezeRepository,
    private readonly past: PastBoard,
  ) {}

  async onModuleInit(): Promise<void> {
    const freeze = await this.repository.read();
    if (!freeze) return;
    this.frozen = frozenView(freeze, unreadBoard(freeze));
    this.isRead = false;
  }

  /** Null: this caller sees everything. */
  for(isStaff: boolean): FrozenView | null {
    return isStaff ? null : this.frozen;
  }

  get current(): Freeze | null {
    return this.frozen && { at: this.frozen.at };
  }

  /** What the leaderboard says now. Read and written down before it counts; when either fails, everything stays as it was. */
  async learn(freeze: Freeze | null): Promise<void> {
    if (freeze?.at === this.frozen?.at && this.isRead) return;
    const view = freeze && {
      ...(await this.past.read(freeze.at)),
      asOf: freeze.at,
      frozen: { ...freeze, hides: true },
    };
    await this.repository.write(freeze);
    this.frozen = freeze && frozenView(freeze, view!);
    this.isRead = true;
  }
}

const frozenView = ({ at }: Freeze, view: BoardView): FrozenView => {
  const { rows, ...head } = view;
  return { at, view, update: { ...head, reset: true, rows, left: [], log: [] } };
};

const unreadBoard = ({ at }: Freeze): BoardView => ({
  ...{ revision: 0, asOf: new Date(0).toISOString(), since: null, rows: [], fill: { open: null, last: null } },
  ...{ frozen: { at, hides: true }, timers: { fill: null, compare: null }, missing: ['leaderboard'] },
});
