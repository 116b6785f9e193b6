import type { Plan } from './plan.js';

/** What the scanner found in one row. */
export interface RowFacts {
  readonly start: number;
  readonly end: number;
  readonly lo: number;
  readonly hi: number;
  readonly identity: number;
  readonly keyLo: number;
  readonly keyHi: number;
}

/** Typed arrays that grow, one entry per row (lanes: one per row and rule). About 40 bytes a row. */
export class RowStore {
  count = 0;
  starts = new Uint32Array(0);
  ends = new Uint32Array(0);
  lo = new Int32Array(0);
  hi = new Int32Array(0);
  identities = new Float64Array(0);
  keyLo = new Int32Array(0);
  keyHi = new Int32Array(0);
  lanes = new Int32Array(0);
  private readonly laneCount: number;
  private readonly hasKey: boolean;
  private readonly rowsMax: number;

  constructor(plan: Plan) {
    this.laneCount = plan.rows.lanes.length;
    this.hasKey = plan.shape.key.length > 0;
    this.rowsMax = plan.limits.rowsMax;
  }

  /** Adds a row; from the bytes left in the body it guesses how many more will come, so that most bodies are allocated once. */
  add(row: RowFacts, lanes: Int32Array, bytesLeft: number): void {
    const at = this.count;
    if (at === this.starts.length) {
      const expected = at + Math.ceil((1.1 * bytesLeft) / (row.end - row.start)) + 64;
      this.grow(Math.min(Math.max(expected, at + (at >> 1)), this.rowsMax));
    }
    this.starts[at] = row.start;
    this.ends[at] = row.end;
    this.lo[at] = row.lo;
    this.hi[at] = row.hi;
    this.identities[at] = row.identity;
    if (this.hasKey) {
      this.keyLo[at] = row.keyLo;
      this.keyHi[at] = row.keyHi;
    }
    for (let lane = 0; lane < lanes.length; lane++) this.lanes[at * lanes.length + lane] = lanes[lane] ?? 0;
    this.count = at + 1;
  }

  private grow(size: number): void {
    const keySize = this.hasKey ? size : 0;
    this.starts = grown(this.starts, new Uint32Array(size));
    this.ends = grown(this.ends, new Uint32Array(size));
    this.lo = grown(this.lo, new Int32Array(size));
    this.hi = grown(this.hi, new Int32Array(size));
    this.identities = grown(this.identities, new Float64Array(size));
    this.keyLo = grown(this.keyLo, new Int32Array(keySize));
    this.keyHi = grown(this.keyHi, new Int32Array(keySize));
    this.lanes = grown(this.lanes, new Int32Array(size * this.laneCount));
  }
}

function grown<T extends Uint32Array | Int32Array | Float64Array>(old: T, bigger: T): T {
  bigger.set(old);
  return bigger;
}
