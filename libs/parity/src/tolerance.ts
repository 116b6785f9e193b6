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

/** Milliseconds since 1970 of an ISO 8601 time, a space for the T allowed, no zone = UTC; NaN for any other text. */
export function isoMs(text: string): number {
  const match = ISO.exec(text);
  if (match === null) return Number.NaN;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as Six;
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60) return Number.NaN;
  const [, , , , , , , fraction = '0', sign, zoneHour = '0', zoneMinute = '0'] = match;
  const zoneMs = (sign === '-' ? -1 : 1) * (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000;
  return Date.UTC(year, month - 1, day, hour, minute, second) + Number(`0.${fraction}`) * 1000 - zoneMs;
}
type Six = [number, number, number, number, number, number];
