/** Numbers, sizes and times as people read them: thousands parted, units always said. */

const numbers = new Intl.NumberFormat('en-GB');
export const count = (value: number): string => numbers.format(value);

export const plural = (value: number, word: string, words = `${word}s`): string =>
  `${count(value)} ${value === 1 ? word : words}`;

export function bytes(value: number): string {
  if (value < 1_000) return `${value} B`;
  if (value < 1_000_000) return `${(value / 1_000).toFixed(1)} kB`;
  return `${(value / 1_000_000).toFixed(1)} MB`;
}

/** A measured duration in milliseconds. */
export function duration(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1_000)} µs`;
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

/** How long an app was down, as the board says it: "0 ms", "1.2 s", "3.1 min". */
export function downtime(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} min`;
}

/** How long ago, in one unit. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** Time that is left, to the second: "94 s", "6 min 05 s". Up to five minutes people count in seconds here. */
export function left(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  if (seconds < 300) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
  return `${Math.floor(seconds / 3_600)} h ${String(Math.floor((seconds % 3_600) / 60)).padStart(2, '0')} min`;
}

const utc = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });
const local = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const clockTime = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** "20 Nov 2026, 10:14:07 UTC (11:14:07 here)". */
export const exact = (instant: string): string => {
  const date = new Date(instant);
  return `${utc.format(date)} UTC (${local.format(date)} here)`;
};

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const hourAndMinute = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** "11:14:07" today, "24 Nov 11:14" on any other day, by this computer's time zone. */
export function dayAndTime(instant: string, nowMs: number): string {
  const date = new Date(instant);
  const isToday = date.toDateString() === new Date(nowMs).toDateString();
  return isToday ? clockTime.format(date) : `${day.format(date)} ${hourAndMinute.format(date)}`;
}

/** "15:00", with the day when that is not today, by this computer's time zone. */
export function timeOfDay(instant: string, nowMs: number): string {
  const date = new Date(instant);
  const isToday = date.toDateString() === new Date(nowMs).toDateString();
  return isToday ? hourAndMinute.format(date) : `${hourAndMinute.format(date)} on ${day.format(date)}`;
}
