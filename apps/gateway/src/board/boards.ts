import { Injectable } from '@nestjs/common';
import { BoardFeed } from './board-feed.js';
import { FrozenBoard } from './frozen-board.js';
import { PastBoard } from './past-board.js';
import type { BoardView } from '#libs/contracts/src/gateway.js';

/** The board for whoever asks: live or of a time; for visitors never beyond the freeze. */
@Injectable()
export class Boards {
  constructor(
    private readonly feed: BoardFeed,
    private readonly past: PastBoard,
    private readonly frozen: FrozenBoard,
  ) {}

  async read(isStaff: boolean, at?: string): Promise<BoardView> {
    if (at === undefined) return this.feed.view(isStaff);
    const view = await this.past.read(at);
    // Looked at after the reading: a freeze may have come meanwhile.
    const hidden = this.frozen.for(isStaff);
    if (hidden && Date.parse(view.asOf) >= Date.parse(hidden.at)) return hidden.view;
    const freeze = this.frozen.current;
    return { ...view, frozen: freeze && { ...freeze, hides: hidden !== null } };
  }
}
