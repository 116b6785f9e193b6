import type { FillWrite, WritePayload } from '#libs/contracts/src/filler.js';
import { markerOfNumber } from '#libs/parity/src/marker.js';

/**
 * What every app of a measured round was sent, and what it answers: lists of about 10 kB each, and the statistics that follow from
 * them, which are small in every app. All rows are its own obligation. Ids and times differ from the baseline's in every row.
 */
export const fills = 3;
const rowsOfKind = 48;
const textChars = 144;
const noteChars = 126;
const valuesBytes = 10_000;
const ageMs = 600_000;
const moods = ['happy', 'calm', 'focused', 'tired', 'sad', 'anxious', 'excited'];
const words = 'a short walk outside helped clear my head today then we sat by the river with tea while rain fell'.split(' '); // prettier-ignore

interface Sent {
  readonly marker: string;
  readonly payload: WritePayload;
}

/** In the order of writing; of each fill as many of each kind. */
const sent: readonly Sent[] = Array.from({ length: rowsOfKind }, (_, i): Sent[] => {
  const [ofEntry, ofMood, value] = [markerOfNumber(i * 7_919), markerOfNumber(i * 7_919 + 1), 1_000_000 + i * 37];
  const mood = moods[i % moods.length]!;
  return [
    { marker: ofEntry, payload: { kind: 'entry', text: `${sentence(i, textChars)} ${ofEntry}` } },
    { marker: ofMood, payload: { kind: 'mood', mood, note: `${sentence(i, noteChars)} ${ofMood}` } },
    { marker: `#${value}`, payload: { kind: 'value', value } },
  ];
}).flat();
export const writesMax = sent.length;

/** One fill's writes, all acknowledged. */
export function writesOf(fill: number, writeId: () => string, startedAt: number): FillWrite[] {
  const perFill = sent.length / fills;
  return sent.slice((fill - 1) * perFill, fill * perFill).map((one, index) => {
    const at = timeOf((fill - 1) * perFill + index, startedAt);
    const times = { sentAt: at, answeredAt: at };
    return { ...one, ...times, index, writeId: writeId(), outcome: 'acknowledged', status: 200, reason: null };
  });
}

export type Side = 'baseline' | 'app';
export type Bodies = Readonly<Record<string, string>>;

/** By path, as the reference app answers them. */
export function bodiesOf(side: Side, startedAt: number): Bodies {
  const [firstId, laterMs] = side === 'baseline' ? [1, 40] : [700_001, 137];
  const rows = sent.map(({ payload: { kind, ...fields } }, i) => ({
    kind,
    row: { id: firstId + i, ...fields, created_at: timeOf(i, startedAt + laterMs) },
  }));
  const of = (kind: string) => rows.flatMap((one) => (one.kind === kind ? [one.row] : [])).toReversed();
  const numbers = sent.flatMap(({ payload }) => (payload.kind === 'value' ? [{ number: payload.value }] : []));
  return {
    '/api/moods/all': JSON.stringify({ rows: of('mood') }),
    '/api/journal/entries/all': JSON.stringify({ rows: of('entry') }),
    '/api/stats/overview': JSON.stringify({ data: statistics(startedAt) }),
    '/api/server/values/all': JSON.stringify(withDriversResult(numbers)),
  };
}

/** The database driver's whole result object is what the reference app answers. */
function withDriversResult(rows: readonly { number: number }[]) {
  const builtins: Record<string, number> = {};
  const result = { command: 'SELECT', rowCount: rows.length, oid: null, rows, _types: { builtins } };
  for (let i = 0, bytes = JSON.stringify(result).length; bytes < valuesBytes; i += 1, bytes += 18)
    builtins[`TYPE_${10_000 + i}`] = 1_000 + i;
  return result;
}

function statistics(startedAt: number) {
  const days = Array.from({ length: 7 }, (_, i) => dayOf(new Date(Date.now() - (6 - i) * 86_400_000).toISOString()));
  const entryDays = sent.flatMap(({ payload }, i) => (payload.kind === 'entry' ? [dayOf(timeOf(i, startedAt))] : []));
  const on = (day: string) => entryDays.filter((one) => one === day).length;
  const counted = moods.map((mood) => ({ mood, count: sent.filter(({ payload }) => payload.kind === 'mood' && payload.mood === mood).length })); // prettier-ignore
  return {
    last7_days: days.map((date) => ({ date, count: on(date) })),
    mood_trend: counted.filter(({ count }) => count > 0),
    total_entries: entryDays.length,
    entries_today: on(days.at(-1)!),
    streak_days: 1,
  };
}

const timeOf = (i: number, startedAt: number): string => new Date(startedAt - ageMs + i * 1_000).toISOString();
const dayOf = (time: string): string => time.slice(0, 10);

function sentence(start: number, length: number): string {
  let text = '';
  for (let i = start; text.length < length; i += 1) text += `${words[i % words.length]} `;
  return text.slice(0, length - 1);
}
