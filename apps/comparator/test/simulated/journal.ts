import type { WriteKind, WritePayload } from '#libs/contracts/src/filler.js';

/** What apps that are all faithful differ in. */
export interface Traits {
  /** How far its clock is ahead of the lab's. */
  readonly skewMs: number;
  /** How finely it stamps its rows. */
  readonly tickMs: number;
  readonly stamp: (ms: number) => string;
  /** Whether it knows `?limit=`; else it shows its usual number of rows. */
  readonly knowsLimit: boolean;
  /** Rows of one time: the last one first, as the reference app has it, or the other way round. */
  readonly tiesNewestFirst: boolean;
  /** Shows the same rows, oldest first. */
  readonly isReversed: boolean;
  readonly firstId: number;
  /** Whether its answers carry a Date. */
  readonly tellsClock: boolean;
}

export const iso = (ms: number): string => new Date(ms).toISOString();
/** Ways to write a time that mean the same. */
export const stamps: readonly ((ms: number) => string)[] = [
  iso,
  (ms) => iso(ms).replace('Z', '000+00:00'),
  (ms) => iso(ms).replace('T', ' ').replace('Z', ''),
  (ms) => iso(ms + 9 * hourMs).replace('Z', '+09:00'),
  (ms) => iso(ms - 7 * hourMs).replace('Z', '-0700'),
];
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface Row {
  readonly payload: WritePayload;
  /** By its own clock. */
  readonly at: number;
  /** By the lab's clock: from then on it is shown. */
  readonly landed: number;
  id: number;
  day: string;
  /** As it is answered. */
  json: string;
}

export type ReadKind = WriteKind | 'stats';
const limits = { entry: { widest: 200, usual: 50 }, mood: { widest: 100, usual: 30 } } as const;

/**
 * A faithful journal as a function of time: what it answers at a moment follows from the rows that have landed until then. Everything
 * is stored before anything is read; ids follow the order of landing.
 */
export class SimulatedJournal {
  private readonly rows: Record<WriteKind, Row[]> = { entry: [], mood: [], value: [] };
  private readonly lists = new Map<string, string>();
  private isOrdered = false;

  constructor(readonly traits: Traits) {}

  /** `ageMs`: an imported row is older than its landing. */
  store(payload: WritePayload, landed: number, ageMs = 0): void {
    const { skewMs, tickMs } = this.traits;
    const at = Math.floor((landed + skewMs - ageMs) / tickMs) * tickMs;
    this.rows[payload.kind].push({ payload, at, landed, id: 0, day: '', json: '' });
    this.isOrdered = false;
  }

  clockAt = (moment: number): string | null =>
    this.traits.tellsClock ? iso(Math.floor((moment + this.traits.skewMs) / 1_000) * 1_000) : null;

  /** The body of an answer. Lists of the same rows are made once. */
  answer(kind: ReadKind, moment: number): string {
    this.order();
    if (kind === 'stats') return JSON.stringify({ data: this.overview(moment) });
    const count = this.landedUntil(kind, moment);
    const key = `${kind} ${count}`;
    const known = this.lists.get(key);
    if (known !== undefined) return known;
    const list = kind === 'value' ? valuesBody(this.rows.value.slice(0, count)) : this.listBody(kind, count);
    this.lists.set(key, list);
    return list;
  }

  private order(): void {
    if (this.isOrdered) return;
    this.isOrdered = true;
    this.lists.clear();
    for (const rows of Object.values(this.rows)) {
      rows.sort((a, b) => a.landed - b.landed);
      rows.forEach((row, n) => Object.assign(row, { id: this.traits.firstId + n, day: dayOf(row.at) }));
      for (const row of rows) row.json = JSON.stringify(this.show(row));
    }
  }

  private landedUntil(kind: WriteKind, moment: number): number {
    const rows = this.rows[kind];
    let [from, to] = [0, rows.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (rows[middle]!.landed <= moment) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  private listBody(kind: 'entry' | 'mood', count: number): string {
    const limit = limits[kind][this.traits.knowsLimit ? 'widest' : 'usual'];
    const ties = this.traits.tiesNewestFirst ? 1 : -1;
    const rows = this.rows[kind].slice(0, count).sort((a, b) => b.at - a.at || ties * (b.id - a.id));
    const shown = rows.slice(0, limit).map(({ json }) => json);
    return `{"rows":[${(this.traits.isReversed ? shown.toReversed() : shown).join(',')}]}`;
  }

  private show({ id, payload, at }: Row): object {
    const created = this.traits.stamp(at);
    if (payload.kind === 'mood') return { id, mood: payload.mood, note: payload.note, created_at: created };
    return payload.kind === 'entry' ? { id, text: payload.text, created_at: created } : { number: payload.value };
  }

  private overview(moment: number): object {
    const now = moment + this.traits.skewMs;
    const entries = this.rows.entry.slice(0, this.landedUntil('entry', moment));
    const perDay = countBy(entries.map(({ day }) => day));
    const moods = this.rows.mood.slice(0, this.landedUntil('mood', moment)).filter(({ at }) => at >= now - 7 * dayMs);
    const perMood = countBy(moods.map(({ payload }) => (payload as { mood: string }).mood));
    return {
      last7_days: [6, 5, 4, 3, 2, 1, 0].map((ago) => {
        const date = dayOf(now - ago * dayMs);
        return { date, count: perDay.get(date) ?? 0 };
      }),
      mood_trend: [...perMood].map(([mood, count]) => ({ mood, count })),
      total_entries: entries.length,
      entries_today: perDay.get(dayOf(now)) ?? 0,
      streak_days: 1,
    };
  }
}

const valuesBody = (rows: readonly Row[]): string =>
  `{"command":"SELECT","rowCount":${rows.length},"oid":null,"rows":[${rows.map(({ json }) => json).join(',')}],"fields":[{"name":"number","dataTypeID":23}]}`;

export const dayOf = (ms: number): string => iso(ms).slice(0, 10);

export function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
