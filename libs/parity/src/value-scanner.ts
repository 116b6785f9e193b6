import { mixed, QUOTE, TAG_ARRAY, TAG_SET } from './keyed-hash.js';
import type { KeyedHash } from './keyed-hash.js';
import { Lexer, MINUS, NINE, ZERO } from './lexer.js';
import { findMarkerInBytes } from './marker.js';
import { NameList } from './name-list.js';
import type { Plan } from './plan.js';
import { refuse } from './refusal.js';
import { RowTemplate } from './row-template.js';
import type { RuleNode } from './rule-tree.js';

export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;

/**
 * Reads values of any kind along the tree of rules. The hash it leaves covers exactly what is compared, and is equal for equal
 * values however they are written; what a rule may hide is summed in the rule's lane instead.
 */
export abstract class ValueScanner extends Lexer {
  protected readonly lanes: Int32Array;
  /** The marker or identity number of the row, NaN: none. */
  protected identity = Number.NaN;
  protected keyLo = 0;
  protected keyHi = 0;
  /** Bit i: key field i was there. */
  protected keysSeen = 0;
  /** How often a name stood in one object again, in the whole body. */
  protected repeatedNames = 0;
  /** What is being read must end before this byte. */
  protected endMax = 0;
  protected readonly template = new RowTemplate();
  /** Where in the row the value stands, as a hash: the same hidden value at another path is a difference. */
  private path = 0;
  private readonly names = new NameList();

  constructor(
    bytes: Uint8Array,
    hash: KeyedHash,
    protected readonly plan: Plan,
  ) {
    super(bytes, hash, plan.limits);
    this.lanes = new Int32Array(plan.rows.lanes.length);
  }

  /** Reads a value that is the rows or holds them. */
  protected abstract valueOnRowsPath(node: RuleNode, depth: number): void;
  /** Refuses because `endMax` is passed. */
  protected abstract refuseLength(): never;

  protected forgetRow(): void {
    // A loop: fill() costs more than the few lanes there are.
    for (let lane = 0; lane < this.lanes.length; lane++) this.lanes[lane] = 0;
    this.identity = Number.NaN;
    this.keyLo = 0;
    this.keyHi = 0;
    this.keysSeen = 0;
    this.path = 0;
  }

  /** Reads the value at `pos`, leaves its hash and notes what its node asks for. */
  protected value(node: RuleNode | null, depth: number): void {
    if (node !== null && node.rows !== null) this.valueOnRowsPath(node, depth);
    else this.anyValue(node, depth);
  }

  protected anyValue(node: RuleNode | null, depth: number): void {
    const c = this.peek();
    if (c === QUOTE) this.string();
    else if (c === OPEN_BRACE) this.object(node, depth);
    else if (c === OPEN_BRACKET) this.array(node, depth);
    else if (c === MINUS || (c >= ZERO && c <= NINE)) this.number();
    else this.word();
    if (node !== null) this.note(node, c);
  }

  /** Reads the value of a field or element; `step` is the hash of its name or its index. */
  protected member(node: RuleNode | null, step: number, depth: number): void {
    if (node === null) return this.value(null, depth);
    const path = this.path;
    this.path = mixed(path, step);
    this.value(node, depth);
    this.path = path;
  }

  private object(node: RuleNode | null, depth: number): void {
    if (depth > this.limits.depthMax) this.refuseDepth();
    let lo = 0;
    let hi = 0;
    let start = this.pos;
    this.names.openObject();
    for (let more = this.opens(CLOSE_BRACE); more; more = this.goesOn(CLOSE_BRACE)) {
      this.name();
      const nameLo = this.hash.lo;
      const nameHi = this.hash.hi;
      if (this.names.repeats(nameLo, nameHi)) this.repeatedNames++;
      const child = node === null ? null : childByHash(node, nameLo, nameHi);
      if (depth === this.plan.rowDepth) {
        this.template.add({ start, length: this.pos - start, nameLo, nameHi, node: child });
      }
      this.member(child, nameLo, depth + 1);
      if (child === null || !child.hidden) {
        lo = (lo + fieldLo(nameLo, nameHi, this.hash)) | 0;
        hi = (hi + fieldHi(nameLo, nameHi, this.hash)) | 0;
      }
      start = this.pos;
      if (start > this.endMax) this.refuseLength();
    }
    this.names.closeObject();
    this.hash.lo = lo;
    this.hash.hi = hi;
  }

  /** Reads a name and its colon; `pos` is left on the value, the hash is that of the name. */
  private name(): void {
    if (this.peek() !== QUOTE) this.refuseByte(this.describe(this.peek()), 'where a name in quotes was expected');
    this.string();
    if (this.next() !== COLON) this.refuseByte(this.describe(this.peek()), 'where ":" was expected');
    this.pos++;
    this.next();
  }

  /** Steps into an object or array; false: it is empty and already passed. */
  protected opens(close: number): boolean {
    this.pos++;
    if (this.next() !== close) return true;
    this.pos++;
    return false;
  }

  /** Steps over a comma to the next member, or out of the object or array (false). */
  protected goesOn(close: number): boolean {
    const c = this.next();
    if (c !== COMMA && c !== close) {
      this.refuseByte(this.describe(c), `where "," or "${String.fromCharCode(close)}" was expected`);
    }
    this.pos++;
    if (c === close) return false;
    this.next();
    return true;
  }

  private array(node: RuleNode | null, depth: number): void {
    if (depth > this.limits.depthMax) this.refuseDepth();
    if (node?.rule?.mode === 'set') return this.setArray(node, depth);
    let lo = 0;
    let hi = 0;
    let index = 0;
    for (let more = this.opens(CLOSE_BRACKET); more; more = this.goesOn(CLOSE_BRACKET)) {
      const child = node === null ? null : elementOf(node, index);
      this.member(child, ++index, depth + 1);
      if (child === null || !child.hidden) {
        this.hash.words(TAG_ARRAY, lo ^ this.hash.lo, hi ^ this.hash.hi, 1);
        lo = this.hash.lo;
        hi = this.hash.hi;
      }
      if (this.pos > this.endMax) this.refuseLength();
    }
    this.hash.words(TAG_ARRAY, lo, hi, 0);
  }

  /** An array whose order does not count; the order goes to the rule's lane. */
  private setArray(node: RuleNode, depth: number): void {
    let lo = 0;
    let hi = 0;
    let order = 0;
    let index = 0;
    for (let more = this.opens(CLOSE_BRACKET); more; more = this.goesOn(CLOSE_BRACKET)) {
      const child = elementOf(node, index++);
      this.setElement(child, depth + 1);
      if (child === null || !child.hidden) {
        lo = (lo + mixed(this.hash.lo, this.hash.hi)) | 0;
        hi = (hi + mixed(this.hash.hi, this.hash.lo)) | 0;
        order = mixed(order ^ this.hash.hi, this.hash.lo);
      }
      if (this.pos > this.endMax) this.refuseLength();
    }
    this.addToLane(node, order);
    this.hash.words(TAG_SET, lo, hi, 0);
  }

  /** Elements of a set have no place: what they hide is tied to the element itself. */
  private setElement(node: RuleNode | null, depth: number): void {
    if (node === null) return this.value(null, depth);
    const before = this.lanes.slice();
    this.value(node, depth);
    before.forEach((sum, lane) => {
      const hidden = ((this.lanes[lane] ?? 0) - sum) | 0;
      if (hidden !== 0) this.lanes[lane] = sum + mixed(hidden ^ this.hash.lo, this.hash.hi);
    });
  }

  protected note(node: RuleNode, firstByte: number): void {
    const { lo, hi } = this.hash;
    if (node.hidden) this.addToLane(node, lo ^ hi);
    if (node.keyIndex >= 0) {
      this.keyLo = (this.keyLo + mixed(lo + node.keyIndex, hi)) | 0;
      this.keyHi = (this.keyHi + mixed(hi, lo + node.keyIndex)) | 0;
      this.keysSeen |= 1 << node.keyIndex;
    }
    if (node.isIdentity) this.identity = this.identityOf(firstByte);
  }

  private addToLane(node: RuleNode, word: number): void {
    this.lanes[node.lane] = (this.lanes[node.lane] ?? 0) + mixed(word, this.path);
  }

  private identityOf(firstByte: number): number {
    const isText = firstByte === QUOTE;
    if (this.plan.shape.identity?.kind === 'marker') {
      return isText ? findMarkerInBytes(this.text, this.textStart, this.textEnd) : Number.NaN;
    }
    if (isText) return integerInText(this.text, this.textStart, this.textEnd);
    const isNumber = firstByte === MINUS || (firstByte >= ZERO && firstByte <= NINE);
    const number = isNumber && this.exponent >= 0 ? this.mantissa * 10 ** this.exponent : Number.NaN;
    return Number.isSafeInteger(number) ? number : Number.NaN;
  }

  private refuseDepth(): never {
    refuse('too-deep', this.pos, `Arrays and objects are nested deeper than ${this.limits.depthMax}.`);
  }
}

export function fieldLo(nameLo: number, nameHi: number, { lo, hi }: KeyedHash): number {
  return mixed(lo + nameLo, hi ^ nameHi);
}
export function fieldHi(nameLo: number, nameHi: number, { lo, hi }: KeyedHash): number {
  return mixed(hi ^ nameHi, lo + nameLo);
}

function childByHash(node: RuleNode, lo: number, hi: number): RuleNode | null {
  const { childLo, childHi } = node;
  for (let i = 0; i < childLo.length; i++) {
    if (childLo[i] === lo && childHi[i] === hi) return node.childNodes[i] ?? null;
  }
  return node.others;
}

function elementOf(node: RuleNode, index: number): RuleNode | null {
  return node.childLo.length === 0 ? node.others : (node.children.get(String(index)) ?? node.others);
}

/** An app may give an identity number as text: `"42"` is still row 42. */
function integerInText(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 16) return Number.NaN;
  const text = String.fromCharCode(...bytes.subarray(start, end));
  const number = /^(0|-?[1-9]\d*)$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : Number.NaN;
}
