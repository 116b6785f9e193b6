import type { Plan } from './plan.js';

/** Typed arrays that grow, as described in BodyIndex: 24 bytes a row, 8 more with a key and 4 for each rule that hides. */
export class RowStore {
  count = 0;
  starts = new Uint32Array(0);
  ends = new Uint32Array(0);
  hashes = new Int32Array(0);
  identities = new Float64Array(0);
  keys = new Int32Array(0);
  lanes = new Int32Array(0);
  private readonly laneCount: number;
  readonly hasKey: boolean;
  private readonly rowsMax: number;

  constructor(plan: Plan) {
    this.laneCount = plan.rows.lanes.length;
    this.hasKey = plan.shape.key.length > 0;
    this.rowsMax = plan.limits.rowsMax;
  }

  /** Makes room for one more row of `rowBytes` and returns its number; from the bytes left it guesses how many more will come. */
  next(rowBytes: number, bytesLeft: number): number {
    const row = this.count;
    if (row === this.starts.length) {
      const expected = row + Math.ceil((1.1 * bytesLeft) / rowBytes) + 64;
      this.grow(Math.min(Math.max(expected, row + (row >> 1)), this.rowsMax));
    }
    this.count = row + 1;
    return row;
  }

  private grow(size: number): void {
    this.starts = grown(this.starts, new Uint32Array(size));
    this.ends = grown(this.ends, new Uint32Array(size));
    this.hashes = grown(this.hashes, new Int32Array(2 * size));
    this.identities = grown(this.identities, new Float64Array(size));
    this.keys = grown(this.keys, new Int32Array(this.hasKey ? 2 * size : 0));
    this.lanes = grown(this.lanes, new Int32Array(size * this.laneCount));
  }
}

function grown<T extends Uint32Array | Int32Array | Float64Array>(old: T, bigger: T): T {
  bigger.set(old);
  return bigger;
}
