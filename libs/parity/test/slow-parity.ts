import type { Identity, Rule, Shape } from '#libs/parity/src/shape.js';

/**
 * The plain meaning of a comparison in as few lines as possible, slow and with all in memory: JSON.parse, strings as canonical
 * forms, Maps. It shares no code with the engine, so that tests can hold the one against the other.
 */
export interface SlowResult {
  readonly matched: number;
  readonly explained: number;
  readonly changed: number;
  readonly onlyBaseline: number;
  readonly onlyApp: number;
  readonly hits: Readonly<Record<string, number>>;
}

/** A number in the one form that equal numbers share. */
class Exact {
  constructor(readonly form: string) {}
}
type Value = null | boolean | string | Exact | Value[] | Map<string, Value>;

interface Row {
  readonly visible: string;
  /** Per rule: what it hides, as text. */
  readonly hidden: Map<string, string>;
  readonly identity: string | null;
  readonly key: string | null;
}

export function slowCompare(shape: Shape, baseline: string, app: string): SlowResult {
  const mine = slowRows(shape, baseline);
  const theirs = slowRows(shape, app);
  const pairs: [Row, Row][] = [];
  const pairBy = (name: (row: Row) => string | null, may: (row: Row, other: Row) => boolean = () => true): void => {
    for (const row of [...mine]) {
      const partner = theirs.find((other) => name(row) !== null && name(other) === name(row) && may(row, other));
      if (!partner) continue;
      pairs.push([row, partner]);
      mine.splice(mine.indexOf(row), 1);
      theirs.splice(theirs.indexOf(partner), 1);
    }
  };
  pairBy((row) => row.visible);
  pairBy((row) => row.identity ?? row.key);
  pairBy(
    (row) => row.key,
    (row) => row.identity === null,
  );
  pairBy(
    (row) => row.key,
    (_, other) => other.identity === null,
  );
  const equal = pairs.filter(([a, b]) => a.visible === b.visible);
  const hits = Object.fromEntries(
    shape.rules.map(({ name }) => [name, pairs.filter(([a, b]) => a.hidden.get(name) !== b.hidden.get(name)).length]),
  );
  const explained = equal.filter(([a, b]) => [...a.hidden].some(([name, text]) => b.hidden.get(name) !== text)).length;
  const changed = pairs.length - equal.length;
  return { matched: equal.length, explained, changed, onlyBaseline: mine.length, onlyApp: theirs.length, hits };
}

function slowRows(shape: Shape, text: string): Row[] {
  const body = exact(text);
  const rows = shape.rows === null ? [body] : at(body, shape.rows);
  if (!Array.isArray(rows)) throw new Error('no rows');
  return rows.map((row) => {
    const hidden = new Map(shape.rules.map((rule) => [rule.name, '']));
    const visible = form(row, [], { rules: shape.rules, hidden });
    const keys = shape.key.map((path) => at(row, path));
    const isKeyed = keys.length > 0 && keys.every((key) => key !== undefined);
    const key = isKeyed ? `key ${keys.map((value) => form(value ?? null, [], nothing)).join()}` : null;
    return { visible, hidden, identity: identityOf(row, shape.identity), key };
  });
}

interface Under {
  readonly rules: readonly Rule[];
  readonly hidden: Map<string, string>;
}
const nothing: Under = { rules: [], hidden: new Map() };

/** A text that equal values share; what rules hide goes to `hidden` instead. Tolerances are not known here. */
function form(value: Value, path: readonly string[], under: Under): string {
  const rule = under.rules.find((candidate) => matches(candidate, path));
  if (rule?.mode === 'ignore') {
    const hidden = `${under.hidden.get(rule.name)}|${path.join('/')}=${form(value, [], nothing)}`;
    under.hidden.set(rule.name, hidden);
    return '';
  }
  if (value instanceof Map) {
    const fields = [...value]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => {
        const text = form(field, [...path, name], under);
        return text === '' ? '' : `${JSON.stringify(name)}:${text},`;
      });
    return `{${fields.join('')}}`;
  }
  if (Array.isArray(value)) {
    const elements = value
      .map((element, i) => form(element, [...path, String(i)], under))
      .filter((text) => text !== '');
    if (rule?.mode !== 'set') return `[${elements.join()}]`;
    under.hidden.set(rule.name, `${under.hidden.get(rule.name)}|${path.join('/')}=${elements.join()}`);
    return `set[${elements.sort().join()}]`;
  }
  return value instanceof Exact ? value.form : JSON.stringify(value);
}

function matches(rule: Rule, path: readonly string[]): boolean {
  const pattern = rule.path === '' ? [] : rule.path.slice(1).split('/');
  return pattern.length === path.length && pattern.every((segment, i) => segment === '*' || segment === path[i]);
}

function identityOf(row: Value, identity: Identity | null): string | null {
  if (identity === null) return null;
  const value = at(row, identity.path);
  const text = value instanceof Exact ? value.form : typeof value === 'string' ? value : '';
  if (identity.kind === 'number') return /^-?\d+$/.test(text) ? `number ${text}` : null;
  const own = typeof value === 'string' ? text.match(MARKERS)?.at(-1) : undefined;
  return own ?? form(row, [], nothing).match(MARKERS)?.at(-1) ?? null;
}
const MARKERS = /~[0-9a-hjkmnp-tv-z]{10}/g;

function at(value: Value, pointer: string): Value | undefined {
  let found: Value | undefined = value;
  for (const name of pointer === '' ? [] : pointer.slice(1).split('/')) {
    found = found instanceof Map ? found.get(name) : undefined;
  }
  return found;
}

type Reviver = (this: unknown, name: string, value: unknown, context: { source?: string }) => unknown;
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;

function exact(text: string): Value {
  return parse(text, (_name, value, { source }) => {
    if (typeof value === 'number') return new Exact(exactForm(source ?? String(value)));
    const isPlain = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Exact);
    return isPlain ? new Map(Object.entries(value)) : value;
  }) as Value;
}

/** Integers as they are, other numbers as an integer and a power of ten. */
function exactForm(source: string): string {
  const [mantissa = '', power = '0'] = source.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  let digits = BigInt(whole + fraction);
  let exponent = BigInt(power.replace('+', '')) - BigInt(fraction.length);
  if (digits === 0n) return '0';
  while (digits % 10n === 0n) {
    digits /= 10n;
    exponent++;
  }
  return exponent >= 0n && exponent < 30n ? String(digits * 10n ** exponent) : `${digits}e${exponent}`;
}
