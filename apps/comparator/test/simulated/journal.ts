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

export interface Row {
  readonly id: number;
  readonly payload: WritePayload;
  /** By its own clock. */
  readonly at: number;
  /** By the lab's clock: from then on it is shown. */
  readonly landed: number;
}

export type ReadKind = WriteKind | 'stats';
const limits = { entry: { widest: 200, usual: 50 }, mood: { widest: 100, usual: 30 } } as const;

/** A faithful journal as a function of time: what it answers at a moment follows from the rows that have landed until then. */
export class SimulatedJournal {
  private readonly rows: Record<WriteKind, Row[]> = { entry: [], mood: [], value: [] };
  private ids: number;

  constructor(readonly traits: Traits) {
    this.ids = traits.firstId;
  }

  /** `ageMs`: an imported row is older than its landing. */
  store(payload: WritePayload, landed: number, ageMs = 0): void {
    const { skewMs, tickMs } = this.traits;
    const at = Math.floor((landed + skewMs - ageMs) / tickMs) * tickMs;
    this.rows[payload.kind].push({ id: this.ids++, payload, at, landed });
  }

  clockAt = (moment: number): string | null =>
    this.traits.tellsClock ? iso(Math.floor((moment + this.traits.skewMs) / 1_000) * 1_000) : null;

  answer(kind: ReadKind, moment: number): object {
    if (kind === 'stats') return { data: this.overview(moment) };
    if (kind === 'value') return valuesBody(this.shown('value', moment));
    const limit = limits[kind][this.traits.knowsLimit ? 'widest' : 'usual'];
    return { rows: this.newestFirst(kind, moment).slice(0, limit).map((row) => this.show(row)) }; // prettier-ignore
  }

  private shown(kind: WriteKind, moment: number): Row[] {
    return this.rows[kind].filter(({ landed }) => landed <= moment);
  }

  private newestFirst(kind: WriteKind, moment: number): Row[] {
    const ties = this.traits.tiesNewestFirst ? 1 : -1;
    return this.shown(kind, moment).sort((a, b) => b.at - a.at || ties * (b.id - a.id));
  }

  private show({ id, payload, at }: Row): object {
    const created = this.traits.stamp(at);
    if (payload.kind === 'mood') return { id, mood: payload.mood, note: payload.note, created_at: created };
    return { id, text: (payload as { text: string }).text, created_at: created };
  }

  private overview(moment: number): object {
    const now = moment + this.traits.skewMs;
    const entries = this.shown('entry', moment);
    const perDay = countBy(entries.map(({ at }) => dayOf(at)));
    const week = this.shown('mood', moment).filter(({ at }) => at >= now - 7 * dayMs);
    const moods = countBy(week.map(({ payload }) => (payload as { mood: string }).mood));
    return {
      last7_days: [6, 5, 4, 3, 2, 1, 0].map((ago) => {
        const date = dayOf(now - ago * dayMs);
        return { date, count: perDay.get(date) ?? 0 };
      }),
      mood_trend: [...moods].map(([mood, count]) => ({ mood, count })),
      total_entries: entries.length,
      entries_today: perDay.get(dayOf(now)) ?? 0,
      streak_days: 1,
    };
  }
}

const valuesBody = (rows: readonly Row[]): object => ({
  ...{ command: 'SELECT', rowCount: rows.length, oid: null },
  rows: rows.map(({ payload }) => ({ number: (payload as { value: number }).value })),
  fields: [{ name: 'number', dataTypeID: 23 }],
});

export const dayOf = (ms: number): string => iso(ms).slice(0, 10);

export function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
