/**
 * What an endpoint's JSON body looks like and which differences in it count. Plain data: stored, versioned and shown by
 * whoever owns the rules; this library only obeys it.
 */
export interface Shape {
  /** JSON pointer to the array of rows (`/rows`; empty: the body itself); null: the whole body is one row. */
  readonly rows: string | null;
  /** Whether the order of rows counts. */
  readonly order: 'set' | 'ordered';
  /** What tells one row from another: a marker inside a text field, or a field that is itself a unique integer. */
  readonly identity: Identity | null;
  /** Fields that together name a row when it has no identity; empty: none. A row that lacks one of them has no key. */
  readonly key: readonly string[];
  /** Rules for paths inside a row. The first rule of the list that matches a path decides it and, for `ignore`, all below it. */
  readonly rules: readonly Rule[];
  /** Rules for what lies outside the rows (`/rowCount`, `/_types`). Empty when the body is one row. */
  readonly outside: readonly Rule[];
}

export interface Identity {
  readonly kind: 'marker' | 'number';
  /** JSON pointer inside the row. */
  readonly path: string;
}

/**
 * How one path is compared. Without a rule: exactly, arrays in order. `path` is a JSON pointer in which `*` stands for any
 * one name or index. What a rule hides (`ignore`, `set`: another order, `tolerance`: a small distance) counts as its hit.
 */
export type Rule = ExactRule | SetRule | ToleranceRule | IgnoreRule;

interface NamedRule {
  /** Unique within the shape; hits are counted under it. */
  readonly name: string;
  readonly path: string;
  readonly reason: string;
}
/** `exact` and `ordered` say the same (order of an array counts): they take a path out of a wider rule after them. */
export interface ExactRule extends NamedRule {
  readonly mode: 'exact' | 'ordered';
}
export interface SetRule extends NamedRule {
  readonly mode: 'set';
  /** JSON pointer inside an element (`/mood`): elements that differ are told apart by it, else they pair up in order. */
  readonly key?: string;
}
export interface ToleranceRule extends NamedRule {
  readonly mode: 'tolerance';
  /** Numbers may differ by this much. */
  readonly epsilon?: number;
  /** ISO 8601 times (no zone = UTC) may differ by this much. */
  readonly withinMs?: number;
}
export interface IgnoreRule extends NamedRule {
  readonly mode: 'ignore';
}

/** What a body may cost. A body beyond a limit is refused, never cut. */
export interface Limits {
  readonly bodyBytesMax: number;
  readonly depthMax: number;
  /** Also the limit of everything outside the rows together. */
  readonly rowBytesMax: number;
  readonly numberBytesMax: number;
  readonly stringBytesMax: number;
  readonly rowsMax: number;
}
const MIB = 1024 * 1024;
export const defaultLimits: Limits = {
  bodyBytesMax: 16 * MIB,
  depthMax: 128,
  rowBytesMax: MIB,
  numberBytesMax: 1024,
  stringBytesMax: MIB,
  rowsMax: 1_000_000,
};
/** Deeper bodies could exhaust the stack of a browser; limits above it are a fault of the caller. */
export const DEPTH_CEILING = 512;
const RULES_MAX = 64;
const KEY_FIELDS_MAX = 16;
const PATH_SEGMENTS_MAX = 16;

/** The names of a JSON pointer (RFC 6901), unescaped; null when it is not one. `''` is the whole value, no names. */
export function pointerSegments(pointer: string): string[] | null {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return null;
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A name as a segment of a JSON pointer. */
export function pointerSegment(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** What is wrong with a shape, one sentence each; empty: it can be used. */
export function shapeFaults(shape: Shape): string[] {
  const faults: string[] = [];
  const pointers = [shape.rows ?? '', shape.identity?.path ?? '', ...shape.key];
  for (const pointer of pointers) faults.push(...pointerFaults(pointer));
  if (shape.rows === null && shape.outside.length > 0)
    faults.push('A body that is one row has nothing outside its rows.');
  if (shape.key.length > KEY_FIELDS_MAX) faults.push(`At most ${KEY_FIELDS_MAX} key fields, got ${shape.key.length}.`);
  if (shape.rows?.includes('*')) faults.push('The rows are one array: no "*" in their pointer.');
  const rules = [...shape.rules, ...shape.outside];
  if (rules.length > RULES_MAX) faults.push(`At most ${RULES_MAX} rules, got ${rules.length}.`);
  const names = rules.map((rule) => rule.name);
  for (const name of new Set(names.filter((name, at) => names.indexOf(name) !== at))) {
    faults.push(`Two rules are called ${JSON.stringify(name)}; hits could not be told apart.`);
  }
  return [...faults, ...rules.flatMap(ruleFaults)];
}

function pointerFaults(pointer: string): string[] {
  const segments = pointerSegments(pointer);
  if (segments === null)
    return [`${JSON.stringify(pointer)} is not a JSON pointer: write it like "/rows" or "/data/rows".`];
  if (segments.length > PATH_SEGMENTS_MAX)
    return [`${JSON.stringify(pointer)} has more than ${PATH_SEGMENTS_MAX} parts.`];
  return [];
}

function ruleFaults(rule: Rule): string[] {
  const faults = pointerFaults(rule.path);
  if (rule.mode === 'set' && rule.key !== undefined) faults.push(...pointerFaults(rule.key));
  if (rule.mode !== 'tolerance') return faults;
  const given = [rule.epsilon, rule.withinMs].filter((value) => value !== undefined);
  if (given.length === 0 || given.some((value) => !(value >= 0 && value < Infinity))) {
    faults.push(`Rule ${JSON.stringify(rule.name)} needs epsilon or withinMs, a number of at least 0.`);
  }
  return faults;
}
