// How often one address is asked, whatever names lead there: a thousand names of one victim are one victim. Requests are put on a
// timetable and wait for their turn; none is held back by another that lasts, so an app that hangs delays no neighbour on its host.
import { parseIpAddress } from './ip-address.js';

export interface PaceLimits {
  /** Requests a second to one address, in the long run. */
  readonly perSecond: number;
  /** Those that may start at once after a quiet time; in any second it is never more than both together. */
  readonly burst: number;
  /** Whoever would have to wait for longer is not put on the timetable. */
  readonly waitMsMax: number;
}

/** Pure: the time is an argument, in milliseconds of any steady clock. */
export class AddressPace {
  private readonly limits: PaceLimits;
  /** Of each network that was asked lately: when all that is on its timetable will have had its share of time. */
  private readonly busyUntil = new Map<string, number>();

  constructor(limits: PaceLimits) {
    this.limits = limits;
  }

  /** How long a request to these addresses has to wait, all of them counted; `undefined` when that is too long, and nothing is counted. */
  waitMs(addresses: readonly string[], nowMs: number): number | undefined {
    const { perSecond, burst, waitMsMax } = this.limits;
    const networks = [...new Set(addresses.map(networkOf))];
    const shareMs = 1_000 / perSecond;
    const turns = networks.map((network) => Math.max(this.busyUntil.get(network) ?? 0, nowMs));
    const waitMs = Math.max(0, ...turns.map((turn) => turn - nowMs - (burst - 1) * shareMs));
    if (waitMs > waitMsMax) return undefined;
    this.forget(nowMs);
    // Taken out first, so that the order is that of last use.
    for (const [index, network] of networks.entries()) {
      this.busyUntil.delete(network);
      this.busyUntil.set(network, turns[index]! + shareMs);
    }
    return waitMs;
  }

  get networks(): number {
    return this.busyUntil.size;
  }

  /** Those whose time is over say nothing any more; they stand first. */
  private forget(nowMs: number): void {
    for (const [network, until] of this.busyUntil) {
      if (until > nowMs) break;
      this.busyUntil.delete(network);
    }
  }
}

/** Of IPv6 the network of 64 bits: whoever has one of its addresses has them all. */
function networkOf(address: string): string {
  const parsed = parseIpAddress(address);
  return parsed?.version === 6 ? `${(parsed.bits >> 64n).toString(16)}::/64` : address;
}
