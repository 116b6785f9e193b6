import { findMarkerInBytes } from './marker.js';
import type { Limits } from './shape.js';
import { CLOSE_BRACE, fieldHi, fieldLo, OPEN_BRACE, ValueScanner } from './value-scanner.js';
import { parseExact, renderJson, textOf } from './values.js';

/** Reads rows: after `row`, the hash, the lanes, the identity and the key are those of that row. */
export abstract class RowScanner extends ValueScanner {
  /** A canonical number may be a few bytes longer than the one that was let in. */
  private readonly limitsOfCanonical: Limits = { ...this.limits, numberBytesMax: Infinity };

  /** Reads the row at `pos`. */
  protected row(): void {
    const start = this.pos;
    const repeatedNames = this.repeatedNames;
    if (!this.rowLikeTemplate()) {
      this.pos = start;
      this.repeatedNames = repeatedNames;
      this.rowAsItComes();
    }
    if (this.repeatedNames > repeatedNames) this.rowWithoutRepeats(start);
    if (this.pos > this.endMax) this.refuseLength();
    // A marker that an app shows in another field than the declared one is still that write.
    if (this.plan.shape.identity?.kind === 'marker' && Number.isNaN(this.identity)) {
      this.identity = findMarkerInBytes(this.bytes, start, this.pos);
    }
  }

  private rowAsItComes(): void {
    const repeatedNames = this.repeatedNames;
    this.forgetRow();
    this.template.record();
    this.value(this.plan.rows.root, this.plan.rowDepth);
    this.template.finish(this.repeatedNames === repeatedNames);
  }

  /** Names repeat, the last wins: reads the row again from a text without the losers. */
  private rowWithoutRepeats(start: number): void {
    const { bytes, view, pos, limits } = this;
    const value = parseExact(textOf(bytes.subarray(start, pos)));
    this.bytes = new TextEncoder().encode(renderJson(value));
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
    this.pos = 0;
    this.limits = this.limitsOfCanonical;
    this.forgetRow();
    this.value(this.plan.rows.root, this.plan.rowDepth);
    this.bytes = bytes;
    this.view = view;
    this.pos = pos;
    this.limits = limits;
  }

  /** Reads a row whose bytes between the values are those of the template; false: they are not, try again. */
  private rowLikeTemplate(): boolean {
    const { rowDepth, rows } = this.plan;
    if (this.template.fields.length === 0) return false;
    this.forgetRow();
    let lo = 0;
    let hi = 0;
    for (const field of this.template.fields) {
      if (!this.standsAlsoAt(field.start, field.length)) return false;
      this.pos += field.length;
      this.next();
      this.member(field.node, field.nameLo, rowDepth + 1);
      if (field.node !== null && field.node.hidden) continue;
      lo = (lo + fieldLo(field.nameLo, field.nameHi, this.hash)) | 0;
      hi = (hi + fieldHi(field.nameLo, field.nameHi, this.hash)) | 0;
    }
    if (this.next() !== CLOSE_BRACE) return false;
    this.pos++;
    this.hash.lo = lo;
    this.hash.hi = hi;
    if (rows.root !== null) this.note(rows.root, OPEN_BRACE);
    return true;
  }

  /** Whether the `length` bytes (at least 4) from `pos` are those from `start`. */
  private standsAlsoAt(start: number, length: number): boolean {
    const { view, pos } = this;
    if (pos + length > view.byteLength) return false;
    const last = length - 4;
    for (let i = 0; i < last; i += 4) {
      if (view.getInt32(start + i, true) !== view.getInt32(pos + i, true)) return false;
    }
    return view.getInt32(start + last, true) === view.getInt32(pos + last, true);
  }
}
