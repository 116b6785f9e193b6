// How much memory all answers together may hold. When it is used up, the slowest large answer gives way, as our failure, not the app's:
// so a crowd of hosts that send a lot and then drip cannot take the room of those that send and finish.

/** What every answer may hold without asking; the number of open requests bounds these. */
export const freeBytes = 64 * 1024;

interface Holder {
  bytes: number;
  readonly startedAt: number;
  readonly giveWay: () => void;
}

export class ByteBudget {
  private readonly bytesMax: number;
  private readonly now: () => number;
  private readonly holders = new Set<Holder>();
  private used = 0;

  constructor(bytesMax: number, now: () => number = () => performance.now()) {
    this.bytesMax = bytesMax;
    this.now = now;
  }

  /** Opens an account; `giveWay` is called at most once, and must let go of the memory. */
  open(giveWay: () => void): ByteAccount {
    const holder: Holder = { bytes: 0, startedAt: this.now(), giveWay };
    this.holders.add(holder);
    return {
      hold: (bytes) => this.hold(holder, bytes),
      close: () => this.close(holder),
    };
  }

  private hold(holder: Holder, bytes: number): boolean {
    if (!this.holders.has(holder)) return false;
    const more = Math.max(0, bytes - freeBytes) - holder.bytes;
    holder.bytes += more;
    this.used += more;
    while (this.used > this.bytesMax && this.holders.has(holder)) {
      const slowest = this.slowest() ?? holder;
      this.close(slowest);
      slowest.giveWay();
    }
    return this.holders.has(holder);
  }

  private slowest(): Holder | undefined {
    const now = this.now();
    const rate = ({ bytes, startedAt }: Holder) => bytes / Math.max(1, now - startedAt);
    let slowest: Holder | undefined;
    for (const holder of this.holders) {
      if (holder.bytes > 0 && (!slowest || rate(holder) < rate(slowest))) slowest = holder;
    }
    return slowest;
  }

  private close(holder: Holder): void {
    if (this.holders.delete(holder)) this.used -= holder.bytes;
  }
}

export interface ByteAccount {
  /** Says that the answer now needs `bytes` in all; `false` when it had to give way. */
  hold(bytes: number): boolean;
  close(): void;
}
