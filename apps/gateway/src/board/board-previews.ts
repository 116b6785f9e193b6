import { Injectable } from '@nestjs/common';
import {
  PreviewBoard,
  type PreviewedVerdict,
  type RankMove,
  type RanksPreview,
} from '#libs/contracts/src/board-preview.js';
import { ListUnsaid } from '#libs/contracts/src/held-back.js';
import { Requests } from '#libs/messaging/src/requests.js';

/** Who would move on the board: the comparator knows what would be said, the leaderboard what follows from it. */
@Injectable()
export class BoardPreviews {
  constructor(private readonly requests: Requests) {}

  /** Whose rank would change by these verdicts. */
  async ranks(verdicts: readonly PreviewedVerdict[]): Promise<RanksPreview> {
    const ask = (skip: number) => this.requests.ask(PreviewBoard, { verdicts: [...verdicts], skip });
    const { next: after, ...first } = await ask(0);
    const moves: RankMove[] = [...first.moves];
    for (let next = after; next !== null;) {
      const page = await ask(next);
      moves.push(...page.moves);
      next = page.next;
    }
    return { ...first, moves };
  }

  /** The same of what a batch that is held back would say, as far as it is done. */
  async ofBatch(batchId: string): Promise<RanksPreview> {
    const verdicts: PreviewedVerdict[] = [];
    for (let skip: number | null = 0; skip !== null;) {
      const page: Awaited<ReturnType<typeof this.unsaid>> = await this.unsaid(batchId, skip);
      verdicts.push(...page.verdicts);
      skip = page.next;
    }
    return this.ranks(verdicts);
  }

  private unsaid(batchId: string, skip: number) {
    return this.requests.ask(ListUnsaid, { batchId, skip });
  }
}
