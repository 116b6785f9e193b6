import { InboxReader } from '#libs/messaging/src/inbox-reader.js';
import type { Arrival } from '#libs/messaging/src/shelf.js';
import { seededRandom } from './seeded-random.js';

/** How often a message is lost for good, comes twice, or is overtaken by others; announcements are lost half as often. */
export interface Unreliability {
  readonly seed: number;
  readonly dropped: number;
  readonly doubled: number;
  readonly delayed: number;
  readonly delayMsMax: number;
}

/** What a reader takes in, as this process's readers do; the shim stands before it. */
interface Intake {
  take(arrival: Arrival): void;
  hear(n: number): void;
}

/** From now on every reader in this process is served so. Returns how to end it, and what was done to the messages. */
export function makeRoadsUnreliable(how: Unreliability) {
  const random = seededRandom(how.seed);
  const intake = InboxReader.prototype as unknown as Intake;
  const { take, hear } = intake;
  const done = { dropped: 0, doubled: 0, delayed: 0 };
  intake.take = function (this: Intake, arrival) {
    if (random() < how.dropped) {
      done.dropped += 1;
      return arrival.ack();
    }
    const times = random() < how.doubled ? 2 : 1;
    done.doubled += times - 1;
    for (let time = 0; time < times; time += 1) {
      if (random() >= how.delayed) take.call(this, arrival);
      else {
        done.delayed += 1;
        setTimeout(() => take.call(this, arrival), random() * how.delayMsMax);
      }
    }
  };
  intake.hear = function (this: Intake, n) {
    if (random() >= how.dropped / 2) hear.call(this, n);
  };
  return { done, end: () => Object.assign(intake, { take, hear }) };
}
