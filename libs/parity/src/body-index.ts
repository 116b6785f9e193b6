import { KeyedHash } from './keyed-hash.js';
import { markerOfNumber } from './marker.js';
import type { Plan } from './plan.js';
import { readRefusing, refuse } from './refusal.js';
import type { Refusal } from './refusal.js';
import { RowScanner } from './row-scanner.js';
import { RowStore } from './row-store.js';
import type { RuleNode } from './rule-tree.js';
import { isSameBytes } from './same-bytes.js';
import { CLOSE_BRACKET, OPEN_BRACKET } from './value-scanner.js';
import { parseExact, parsePlain, textOf } from './values.js';
import type { Json } from './values.js';

/**
 * One body, read once: where its rows stand and what they hash to. Typed arrays with one entry per row, in the order of the
 * body; nothing of a row is kept but its place. With a refusal there are no rows.
 */
export interface BodyIndex {
  readonly plan: Plan;
  /** Must not be changed while the index is in use. */
  readonly bytes: Uint8Array;
  readonly refusal: Refusal | null;
  readonly warnings: readonly Warning[];
  readonly rowCount: number;
  /** Byte offsets of each row: `bytes[starts[i] … ends[i])` is its JSON. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** The marker of each row as an integer (see marker.ts), or its identity number; NaN: none. */
  readonly identities: Float64Array;
  /** Keyed hash of what is compared, two words per row. */
  readonly hashes: Int32Array;
  /** Keyed hash of the declared key, two words per row (0, 0: the row has none); empty when no key is declared. */
  readonly keys: Int32Array;
  /** Row after row, a sum per rule that may hide something. */
  readonly lanes: Int32Array;
  /** Byte offsets of the array of rows; the whole body when it is one row. */
  readonly rowsStart: number;
  readonly rowsEnd: number;
  /** No number of the body needs more than a double: its text can be parsed without a look at the digits. */
  readonly isPlain: boolean;
}

export interface Warning {
  readonly code: 'bom' | 'repeated-names';
  readonly count: number;
  readonly sentence: string;
}

/** Reads a body by a plan: strict JSON in UTF-8, one pass. What is wrong with the body is its refusal, never an exception. */
export function indexBody(plan: Plan, body: Uint8Array): BodyIndex {
  // A Buffer becomes a plain Uint8Array: one kind of array keeps the scanner fast.
  const reader = new BodyReader(
    new Uint8Array(body.buffer, body.byteOffset, body.byteLength),
    new KeyedHash(plan.seed),
    plan,
  );
  const refusal = readRefusing(() => reader.read());
  return reader.index(refusal);
}

/** The JSON text of one row as it stands in the body. */
export function rowText(index: BodyIndex, row: number): string {
  return textOf(index.bytes.subarray(index.starts[row], index.ends[row]));
}

/** One row, parsed without loss. */
export function rowValue(index: BodyIndex, row: number): Json {
  return parsed(index, rowText(index, row));
}

/** All rows, parsed without loss and in one go: quicker than one by one, and all of them in memory. */
export function rowValues(index: BodyIndex): Json[] {
  const { plan, bytes, rowCount, rowsStart, rowsEnd } = index;
  if (plan.rowsPath === null || rowCount === 0)
    return Array.from({ length: rowCount }, (_, row) => rowValue(index, row));
  return parsed(index, textOf(bytes.subarray(rowsStart, rowsEnd))) as Json[];
}

/** The body with an empty array in place of its rows, parsed without loss; null when the body is one row, or refused. */
export function outsideValue(index: BodyIndex): Json {
  const { plan, bytes, refusal, rowsStart, rowsEnd } = index;
  if (refusal !== null || plan.rowsPath === null) return null;
  return parsed(index, `${textOf(bytes.subarray(0, rowsStart))}[]${textOf(bytes.subarray(rowsEnd))}`);
}

/** Whether what stands outside the rows is the same byte by byte. */
export function hasSameOutside(one: BodyIndex, other: BodyIndex): boolean {
  const outside = ({ bytes, rowsStart, rowsEnd }: BodyIndex) => [bytes.subarray(0, rowsStart), bytes.subarray(rowsEnd)];
  const theirs = outside(other);
  return outside(one).every((part, i) => isSameBytes(part, theirs[i]!));
}

const parsed = ({ isPlain }: BodyIndex, text: string): Json => (isPlain ? parsePlain(text) : parseExact(text));

/** The marker of one row as text, or its identity number; null: none. */
export function rowIdentity(index: BodyIndex, row: number): string | null {
  const identity = index.identities[row] ?? Number.NaN;
  if (Number.isNaN(identity)) return null;
  return index.plan.shape.identity?.kind === 'marker' ? markerOfNumber(identity) : String(identity);
}

class BodyReader extends RowScanner {
  private readonly rows = new RowStore(this.plan);
  private rowsFound: 'missing' | 'not-array' | 'found' = 'missing';
  private rowsStart = 0;
  private rowsEnd = 0;
  private inRow = false;
  private hasBom = false;

  read(): void {
    const { bodyBytesMax } = this.limits;
    if (this.bytes.length > bodyBytesMax) {
      refuse('body-too-long', bodyBytesMax, `The body is longer than ${bodyBytesMax} bytes.`);
    }
    this.hasBom = this.bytes[0] === 0xef && this.bytes[1] === 0xbb && this.bytes[2] === 0xbf;
    if (this.hasBom) this.pos = 3;
    if (this.next() < 0) refuse('empty', this.pos, 'The body is empty; JSON was expected.');
    this.endMax = this.pos + this.limits.rowBytesMax;
    if (this.plan.rowsPath === null) this.onlyRow();
    else this.value(this.plan.rowsPath, 1);
    if (this.next() >= 0) this.refuseByte(this.describe(this.peek()), 'after the end of the JSON value');
    if (this.plan.rowsPath !== null) this.checkRowsFound();
  }

  index(refusal: Refusal | null): BodyIndex {
    const { rows, plan, bytes } = this;
    const rowCount = refusal === null ? rows.count : 0;
    return {
      plan,
      bytes,
      refusal,
      warnings: this.warnings(),
      rowCount,
      starts: rows.starts.subarray(0, rowCount),
      ends: rows.ends.subarray(0, rowCount),
      identities: rows.identities.subarray(0, rowCount),
      hashes: rows.hashes.subarray(0, 2 * rowCount),
      keys: rows.keys.subarray(0, 2 * rowCount),
      lanes: rows.lanes.subarray(0, rowCount * plan.rows.lanes.length),
      rowsStart: this.rowsStart,
      rowsEnd: this.rowsEnd,
      isPlain: this.isPlain,
    };
  }

  private onlyRow(): void {
    this.inRow = true;
    const start = this.pos;
    this.row();
    this.keep(start);
    this.rowsEnd = this.bytes.length;
  }

  /** Of names that repeat on the way to the rows the last wins, so whatever was read before is forgotten. */
  protected override valueOnRowsPath(node: RuleNode, depth: number): void {
    const isArray = this.peek() === OPEN_BRACKET;
    // Rows that do not count after all stand outside.
    this.endMax -= this.rowsEnd - this.rowsStart;
    this.rows.count = 0;
    this.rowsFound = 'missing';
    this.rowsStart = this.pos;
    this.rowsEnd = this.pos;
    if (node.rows === 'here' && isArray) return this.rowsArray();
    if (node.rows === 'here') this.rowsFound = 'not-array';
    this.anyValue(node, depth);
  }

  private rowsArray(): void {
    const start = this.pos;
    const endMax = this.endMax;
    this.inRow = true;
    this.eachRow();
    this.inRow = false;
    this.rowsFound = 'found';
    this.rowsStart = start;
    this.rowsEnd = this.pos;
    this.endMax = endMax + this.pos - start;
  }

  /** Nothing follows the loop: V8 compiles it while it runs, and would throw that code away at a statement it has not met. */
  private eachRow(): void {
    for (let more = this.opens(CLOSE_BRACKET); more; more = this.goesOn(CLOSE_BRACKET)) {
      const start = this.pos;
      this.endMax = start + this.limits.rowBytesMax;
      this.row();
      this.keep(start);
    }
  }

  private keep(start: number): void {
    const { rowsMax } = this.limits;
    if (this.rows.count === rowsMax) refuse('too-many-rows', start, `The body has more than ${rowsMax} rows.`);
    const { rows, lanes } = this;
    const row = rows.next(this.pos - start, this.bytes.length - start);
    const isHidden = this.plan.rows.root?.hidden === true;
    rows.starts[row] = start;
    rows.ends[row] = this.pos;
    rows.hashes[2 * row] = isHidden ? 0 : this.hash.lo;
    rows.hashes[2 * row + 1] = isHidden ? 0 : this.hash.hi;
    rows.identities[row] = this.identity;
    if (rows.hasKey && this.keysSeen === (1 << this.plan.shape.key.length) - 1) {
      rows.keys[2 * row] = this.keyLo;
      rows.keys[2 * row + 1] = this.keyHi;
    }
    for (let lane = 0; lane < lanes.length; lane++) rows.lanes[row * lanes.length + lane] = lanes[lane] ?? 0;
  }

  private checkRowsFound(): void {
    const path = this.plan.shape.rows ?? '';
    if (this.pos > this.endMax) this.refuseLength();
    if (this.rowsFound === 'missing') {
      refuse('rows-missing', 0, `The body has no ${JSON.stringify(path)}, where its rows should be.`);
    }
    if (this.rowsFound === 'not-array') {
      refuse('rows-not-array', this.rowsStart, `${JSON.stringify(path)} is not an array, so it has no rows.`);
    }
  }

  private warnings(): Warning[] {
    const warnings: Warning[] = [];
    const repeated = this.repeatedNames;
    if (this.hasBom)
      warnings.push({ code: 'bom', count: 1, sentence: 'The body starts with a byte order mark; JSON has none.' });
    if (repeated > 0) {
      const sentence = `A name stands more than once in the same object (${repeated} times); the last one counts.`;
      warnings.push({ code: 'repeated-names', count: repeated, sentence });
    }
    return warnings;
  }

  protected override refuseLength(): never {
    const { rowBytesMax } = this.limits;
    if (this.inRow) refuse('row-too-long', this.pos, `A row is longer than ${rowBytesMax} bytes.`);
    refuse('outside-too-long', this.pos, `What stands outside the rows is longer than ${rowBytesMax} bytes.`);
  }
}
