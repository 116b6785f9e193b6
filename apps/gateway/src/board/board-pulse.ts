import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { BoardFeed } from './board-feed.js';
import { Bus } from '#libs/messaging/src/bus.js';
import { subject } from '#libs/messaging/src/subjects.js';
import { Closing } from '#libs/platform/src/closing.js';

/** At most four looks a second, however many nudges; without a nudge one look in this time. */
const betweenLooksMs = 250;
const idleLookMs = 3_000;

/** Makes the feed look again and again. A nudge only says when, so losing one costs a moment. */
@Injectable()
export class BoardPulse implements OnApplicationBootstrap {
  private stopped = false;

  constructor(
    private readonly feed: BoardFeed,
    private readonly bus: Bus,
    private readonly closing: Closing,
  ) {}

  /** The end is left to Closing: that is also how a start ends which fails after this. */
  onApplicationBootstrap(): void {
    this.bus.listen(subject.boardChanged, () => this.feed.lookSoon());
    const running = this.run();
    this.closing.add(async () => {
      this.stopped = true;
      this.feed.lookSoon();
      await running;
    });
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      await this.feed.look();
      await this.feed.bell.wait(idleLookMs);
      if (!this.stopped) await new Promise((done) => setTimeout(done, betweenLooksMs));
    }
  }
}
