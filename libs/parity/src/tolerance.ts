import { Decimal } from './decimal.js';
import type { ToleranceRule } from './shape.js';
import type { Json } from './values.js';

/** Whether two values are near enough: numbers by `epsilon` (as doubles), ISO 8601 times by `withinMs`; other types never are. */
export function isWithin(baseline: Json, app: Json, rule: ToleranceRule): boolean {
  if (typeof baseline === 'string' && typeof app === 'string') {
    return rule.withinMs !== undefined && Math.abs(isoMs(baseline) - isoMs(app)) <= rule.withinMs;
  }
  return rule.epsilon !== undefined && Math.abs(asDouble(baseline) - asDouble(app)) <= rule.epsilon;
}

function asDouble(value: Json): number {
  if (value instanceof Decimal) return Number(value.text);
  return typeof value === 'number' ? value : Number.NaN;
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:Z|([+-])(\d\d)(?::?(\d\d))?)?$/;

/** As `toISOString` writes it, and nearly every app: its digits stand at known places. */
const PLAIN_ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Milliseconds since 1970 of an ISO 8601 time, a space for the T allowed, no zone = UTC; NaN for any other text. */
export function isoMs(text: string): number {
  if (PLAIN_ISO.test(text)) return plainIsoMs(text);
  const match = ISO.exec(text);
  if (match === null) return Number.NaN;
  const time = match.slice(1, 7).map((part) => Number(part ?? 0)) as unknown as Six;
  const [, , , , , , , fraction = '0', sign, zoneHour = '0', zoneMinute = '0'] = match;
  const zoneMs = (sign === '-' ? -1 : 1) * (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000;
  return utcMs(time) + Number(`0.${fraction}`) * 1000 - zoneMs;
}
type Six = readonly [year: number, month: number, day: number, hour: number, minute: number, second: number];

function plainIsoMs(text: string): number {
  const two = (at: number): number => 10 * text.charCodeAt(at) + text.charCodeAt(at + 1) - 11 * ZERO;
  const ms = 10 * two(20) + text.charCodeAt(22) - ZERO;
  return utcMs([100 * two(0) + two(2), two(5), two(8), two(11), two(14), two(17)]) + ms;
}
const ZERO = 0x30;

/** NaN when a part is beyond what a clock shows. */
function utcMs([year, month, day, hour, minute, second]: Six): number {
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60) return Number.NaN;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
