import type { Asking, Faulty, SimulatedFault } from './faults.js';
import { countBy, dayOf, iso, type ReadKind } from './journal.js';
import type { WriteKind } from '#libs/contracts/src/filler.js';
import { isoMs } from '#libs/parity/src/tolerance.js';

// Four mistakes of students who move their store while it is in use, invented without a look at what tells causes apart. What a fair
// teacher would name first about each stands beside it; these names are theirs, and nobody has to know them already.

export type NameOfTeacher = 'keys-given-twice' | 'two-stores' | 'wrong-unit-of-time' | 'rounded-numbers';

const minuteMs = 60_000;
const weekMs = 7 * 86_400_000;
const out = ['out-of-sync'] as const;

interface Row {
  readonly id?: number;
  readonly created_at: string;
  readonly mood: string;
}
type List = Exclude<ReadKind, 'stats'>;
/** A row's place in its list, counted from 0 in the order of landing; how many were copied, and how many there are by now. */
interface Place {
  readonly kind: List;
  readonly n: number;
  readonly copied: number;
  readonly count: number;
}
/** How the new store shows a row; null: it does not have it. */
type Show = (row: Row, place: Place) => Row | null;

export const faultsOfMoves: Readonly<Record<string, SimulatedFault>> = {
  /**
   * The copy kept the ids, and nobody told the new store's numbering. It begins with the first number again, and a row whose number is
   * taken is put in the other's place: each new entry or mood is there, and the oldest one is gone. A teacher says: overwritten, because
   * keys were given twice. Not: never copied (they were shown after the move), and not lost on their way (they were shown before it).
   * More was copied than the next fill brings: of a store all of whose rows were overwritten at once, nobody can tell these apart.
   */
  'reused-keys': {
    ...{ verdicts: out, mistakes: ['keys-given-twice'] },
    make: (chance, now) =>
      moved(now + chance.between(6, 9) * minuteMs, ['entry', 'mood'], () => (row, { kind, n, copied, count }) => {
        if (kind === 'value') return row;
        if (n >= copied) return { ...row, id: row.id! - copied };
        return n < count - copied ? null : row;
      }),
  },
  /**
   * Half of the instances write to and read from the new store, the others still the old one, and nothing is carried over. Writes of a
   * kind land by turns; which store answers a read is chance. A teacher says: two stores that do not know of each other, rows come and
   * go. It is never in sync, at no look; "it came late" would be wrong, as it goes again.
   */
  'split-stores': {
    ...{ verdicts: out, mistakes: ['two-stores'] },
    make: (chance, now) =>
      moved(now + chance.between(3, 6) * minuteMs, ['entry', 'mood', 'value'], () => {
        const store = chance.is(0.5) ? 0 : 1;
        return (row, { n, copied }) => (n < copied || n % 2 === store ? row : null);
      }),
  },
  /**
   * The copy wrote seconds since 1970 into a column that the new code fills with, and reads as, milliseconds. All copied rows are shown as
   * of January 1970; rows since then are right; the days of the statistics lack the copied ones, the total has them. A teacher says: the
   * times of copied rows have a wrong unit. Not: another time zone, and not: the statistics are wrong by themselves.
   */
  'seconds-as-milliseconds': {
    ...{ verdicts: out, mistakes: ['wrong-unit-of-time'] },
    make(chance, now) {
      const from = now + chance.between(4, 7) * minuteMs;
      const show: Show = (row, { kind, n, copied }) =>
        kind === 'value' || n >= copied ? row : { ...row, created_at: iso(Math.floor(isoMs(row.created_at) / 1_000)) };
      return { visibleFrom: () => from, read: moved(from, [], () => show).read! };
    },
  },
};

/** An app that has a new store from a moment on; it can be seen by the first write of some kinds that comes after. */
function moved(from: number, kinds: readonly WriteKind[], reading: () => Show): Faulty {
  let first = Infinity;
  return {
    visibleFrom: () => first,
    store(payload, landed, journal) {
      if (landed >= from && kinds.includes(payload.kind)) first = Math.min(first, landed);
      journal.store(payload, landed);
    },
    read(asking) {
      if (asking.moment < from) return undefined;
      const show = reading();
      return { kind: 'body', body: asking.kind === 'stats' ? recounted(asking, from, show) : listOf(asking, asking.kind, from, show) }; // prettier-ignore
    },
  };
}

/** A list as the new store has it, in the order in which it is shown. The worlds here are too small for a list to be cut. */
function listOf({ asked, moment }: Asking, kind: List, from: number, show: Show): { rows: Row[] } {
  const { rows, ...head } = asked(moment, kind) as { rows: Row[]; rowCount?: number };
  const copied = (asked(from, kind) as { rows: Row[] }).rows.length;
  const firstId = Math.min(...rows.map(({ id }) => id!));
  const kept = rows.flatMap((row, index) => {
    const n = row.id === undefined ? index : row.id - firstId;
    return show(row, { kind, n, copied, count: rows.length }) ?? [];
  });
  return { ...head, ...('rowCount' in head && { rowCount: kept.length }), rows: kept };
}

/** The statistics follow from the lists. */
function recounted(asking: Asking, from: number, show: Show): object {
  const { data } = asking.asked(asking.moment) as { data: { last7_days: { date: string }[] } };
  const entries = listOf(asking, 'entry', from, show).rows;
  const moods = listOf(asking, 'mood', from, show).rows;
  const perDay = countBy(entries.map((row) => dayOf(isoMs(row.created_at))));
  const last7 = data.last7_days.map(({ date }) => ({ date, count: perDay.get(date) ?? 0 }));
  const perMood = countBy(moods.filter((row) => isoMs(row.created_at) >= from - weekMs).map(({ mood }) => mood));
  return {
    data: {
      last7_days: last7,
      mood_trend: [...perMood].map(([mood, count]) => ({ mood, count })),
      total_entries: entries.length,
      entries_today: last7.at(-1)!.count,
      streak_days: last7.at(-1)!.count > 0 ? 1 : 0,
    },
  };
}
