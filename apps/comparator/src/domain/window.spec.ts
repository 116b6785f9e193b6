import fc from 'fast-check';
import { endpoints } from './endpoints.js';
import type { Obligation } from './obligation.js';
import { judgeRows, type RowsFindings } from './rows-judge.js';
import { mustBeShown, type PlacedRow } from './window.js';
import { markerOfNumber } from '#libs/parity/src/marker.js';

const moods = endpoints.find((endpoint) => endpoint.kind === 'mood')!;
const start = Date.UTC(2026, 10, 20);
const at = (minute: number) => new Date(start + minute * 60_000).toISOString();

interface Row {
  readonly id: number;
  readonly mood: string;
  readonly note: string;
  readonly created_at: unknown;
}
const obligation = (fill: number, index = 0): Obligation => {
  const marker = markerOfNumber(fill * 7_919 + index * 104_729 + 5);
  return {
    marker,
    payload: { kind: 'mood', mood: 'calm', note: `${marker} slept well` },
    fill,
    index,
    acknowledgedAt: at(fill),
  };
};
const rowOf = ({ payload, fill }: Obligation, created: unknown = at(fill)): Row => ({
  ...{ id: fill, mood: 'calm', note: (payload as { note: string }).note, created_at: created },
});
const stranger = (minute: number, created: unknown = at(minute)): Row => ({
  id: 0,
  mood: 'tired',
  note: `own ${minute}`,
  created_at: created,
});
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

interface Scene {
  /** Newest first, as the app shows them. */
  readonly rows: readonly Row[];
  readonly obligations: readonly Obligation[];
  readonly others?: readonly Obligation[];
  readonly acknowledged?: number;
  readonly now?: string;
  readonly clock?: string | null;
}
const judge = ({
  rows,
  obligations,
  others = [],
  acknowledged = obligations.length,
  now = at(600),
  clock = now,
}: Scene): RowsFindings =>
  judgeRows({
    ...{ endpoint: moods, obligations, others, acknowledged, now, clock, seed: [1, 2] },
    baseline: bytes(
      obligations
        .slice(-100)
        .toReversed()
        .map((one) => rowOf(one)),
    ),
    app: bytes(rows),
  });
const bytes = (rows: readonly Row[]) => new TextEncoder().encode(JSON.stringify({ rows }));

describe('a full window', () => {
  it('that shows none of our rows, but junk from before them, has lost them all', () => {
    const obligations = range(1, 100).map((fill) => obligation(fill + 10));
    for (const count of [30, 100])
      expect(judge({ rows: range(1, count).map(() => stranger(0)), obligations })).toMatchObject({
        missing: 100,
        behindWindow: 0,
      });
  });

  it('that stands still while writes go elsewhere has lost what is newer, however much that is', () => {
    for (const written of [250, 299, 300, 301, 500, 3_000]) {
      const carried = range(Math.max(1, written - 299), written).map((fill) => obligation(fill));
      const findings = judge({ rows: range(1, 100).toReversed().map((fill) => rowOf(obligation(fill))), obligations: carried, acknowledged: written, now: at(written + 1) }); // prettier-ignore
      expect([written, findings.missing]).toEqual([written, carried.filter(({ fill, acknowledgedAt }) => fill > 100 && acknowledgedAt! > at(7)).length]); // prettier-ignore
    }
  });

  it('that was filled by a copy, stamped with the time of the copy, has lost what came after it', () => {
    const obligations = range(1, 300).map((fill) => obligation(fill));
    const rows = range(1, 100)
      .toReversed()
      .map((fill) => rowOf(obligation(fill), at(150)));
    expect(judge({ rows, obligations }).missing).toBe(200);
    const carried = obligations.slice(120);
    expect(judge({ rows, obligations: carried, acknowledged: 300 }).missing).toBe(
      carried.filter(({ fill }) => fill > 152).length,
    );
  });

  it('of rows whose age nobody can tell excuses nothing', () => {
    const obligations = range(1, 20).map((fill) => obligation(fill));
    for (const created of ['soon', null, 17, at(100_000)])
      expect(judge({ rows: range(1, 30).map(() => stranger(0, created)), obligations }).missing).toBe(20);
  });

  it('that strangers have filled after our last row shows nothing of ours, and has lost nothing', () => {
    const obligations = range(1, 20).map((fill) => obligation(fill));
    const rows = range(30, 129)
      .toReversed()
      .map((minute) => stranger(minute));
    expect(judge({ rows, obligations })).toMatchObject({ missing: 0, behindWindow: 20 });
  });

  it('of rows with times by a clock that nobody knows accuses nobody', () => {
    const obligations = range(1, 20).map((fill) => obligation(fill));
    const behind = range(30, 129).map((minute) => stranger(minute - 90));
    expect(judge({ rows: behind.toReversed(), obligations, clock: null })).toMatchObject({ missing: 0 });
    expect(judge({ rows: behind.toReversed(), obligations, clock: at(600) }).missing).toBeGreaterThan(0);
  });

  it('that begins in the middle of a fill is judged from the next fill on', () => {
    const written = range(1, 20).flatMap((fill) => range(0, 11).map((index) => obligation(fill, index)));
    const [newest, shown] = [range(1, 6).map(() => stranger(21)), written.slice(-94).toReversed()];
    const judged = (rows: readonly Obligation[], more: readonly Row[] = []) =>
      judge({ rows: [...newest, ...more, ...rows.map((one) => rowOf(one))], obligations: written });
    expect(judged(shown)).toMatchObject({ missing: 0, matched: 94 });
    const findings = judged(shown.toSpliced(20, 1), [stranger(21)]);
    expect(findings.differences.map((one) => one.marker)).toEqual([shown[20]!.marker]);
  });

  it('may hold a write that came late among newer ones', () => {
    const written = range(1, 300).map((fill) => obligation(fill));
    const shown = written.slice(-99).toReversed();
    const late = rowOf(written[120]!, at(201));
    expect(judge({ rows: [...shown.map((one) => rowOf(one)), late], obligations: written })).toMatchObject({
      missing: 0,
    });
  });

  it('does not take a write for newer than it may be: its row may have been found by its marker minutes later', () => {
    const found = { ...obligation(20), sentAt: at(3) };
    const rows = range(4, 103)
      .toReversed()
      .map((minute) => stranger(minute));
    expect(judge({ rows, obligations: [found] })).toMatchObject({ missing: 0, behindWindow: 1 });
    expect(judge({ rows, obligations: [{ ...found, sentAt: at(15) }] })).toMatchObject({ missing: 1 });
  });

  it('may show somebody who quotes a marker, whose own row is behind it', () => {
    const obligations = range(1, 150).map((fill) => obligation(fill));
    const shown = obligations.slice(-98).toReversed().map((one) => rowOf(one)); // prettier-ignore
    const quote = (note: string) => ({ ...stranger(151), note: `${obligations[3]!.marker} ${note}` });
    expect(judge({ rows: [quote('what is this?'), quote('what is this?'), ...shown], obligations })).toMatchObject({
      ...{ missing: 0, changed: 0, doubled: 0, matched: 98, behindWindow: 52, asked: 98 },
    });
    const changed = shown.with(20, { ...shown[20]!, note: shown[20]!.note.slice(0, 14) });
    expect(judge({ rows: [quote('a'), quote('b'), ...changed], obligations })).toMatchObject({
      changed: 1,
      missing: 0,
    });
  });

  it('that strangers have filled is not told its age by one of them who quotes a marker', () => {
    const obligations = range(1, 20).map((fill) => obligation(fill));
    const strangers = range(30, 128).toReversed().map((minute) => stranger(minute)); // prettier-ignore
    const quote = { ...stranger(100), note: `what is ${obligations[3]!.marker}?` };
    const scene = { rows: strangers.toSpliced(29, 0, quote), obligations, clock: null };
    expect(judge(scene)).toMatchObject({ missing: 0, changed: 0, behindWindow: 20 });
  });

  it('of an app that puts something before every text is known by its rows all the same', () => {
    const obligations = range(1, 120).map((fill) => obligation(fill));
    const shown = obligations.slice(-100).toReversed().map((one) => rowOf(one)); // prettier-ignore
    const before = shown.map((row) => ({ ...row, note: `Note: ${row.note}` }));
    expect(judge({ rows: before, obligations, clock: null }).changed).toBeGreaterThan(90);
  });

  it('that shows a single fill, all changed, has changed it: the rows are as old as their writes', () => {
    const obligations = range(0, 119).map((index) => obligation(5, index));
    const cut = obligations.slice(-100).map((one) => ({ ...rowOf(one), note: one.marker }));
    expect(judge({ rows: cut.toReversed(), obligations })).toMatchObject({ changed: 100, missing: 0 });
  });

  it('may stamp its rows in a time zone of its own', () => {
    const written = range(1, 300).map((fill) => obligation(fill));
    const strangers = range(1, 60).map(() => stranger(260, at(260 - 300)));
    const ours = written
      .slice(-40)
      .toReversed()
      .map((one) => rowOf(one, at(one.fill - 300)));
    const shown = { rows: [...ours, ...strangers], obligations: written };
    expect(judge(shown)).toMatchObject({ missing: 0, matched: 40 });
    expect(judge({ ...shown, rows: [stranger(300, at(0)), ...ours.toSpliced(5, 1), ...strangers] }).missing).toBe(1);
  });

  it('may stand the other way round', () => {
    const written = range(1, 300).map((fill) => obligation(fill));
    const rows = written.slice(-100).map((one) => rowOf(one));
    expect(judge({ rows, obligations: written })).toMatchObject({ missing: 0, matched: 100 });
    expect(judge({ rows: [stranger(200), ...rows.toSpliced(60, 1)], obligations: written }).missing).toBe(1);
  });

  it('knows writes that oblige nobody by their fill', () => {
    const obligations = range(50, 90).map((fill) => obligation(fill));
    const unknown = range(1, 49).map((fill) => obligation(fill));
    const rows = range(1, 30)
      .toReversed()
      .map((fill) => rowOf(obligation(fill), 'no time'));
    expect(judge({ rows, obligations, others: unknown }).missing).toBe(41);
  });

  it('never accuses an app that shows its newest rows, whatever else it is sent, however late and by whatever clock', () => {
    const history = fc.record({
      fills: fc.integer({ min: 1, max: 120 }),
      each: fc.integer({ min: 1, max: 8 }),
      strangers: fc.array(fc.integer({ min: 0, max: 7_300 }), { maxLength: 250 }),
      refused: fc.uniqueArray(fc.nat({ max: 479 }), { maxLength: 60 }),
      lateSeconds: fc.dictionary(fc.nat({ max: 479 }).map(String), fc.integer({ min: 0, max: 90 }), { maxKeys: 25 }),
      skewMinutes: fc.integer({ min: -600, max: 600 }),
      tells: fc.boolean(),
      zoneHours: fc.integer({ min: -12, max: 14 }),
      limit: fc.constantFrom(100, 30),
    });
    fc.assert(
      fc.property(history, (one) => {
        const { app, obligations, others, now, clock } = play(one);
        const isOurs = (row: Row) => row.note.startsWith('~');
        fc.pre(one.zoneHours === 0 || app.some(isOurs)); // else nothing tells a wrong zone from old rows
        const findings = judge({ rows: app, obligations, others, now, clock });
        expect(findings).toMatchObject({ missing: 0, changed: 0, doubled: 0 });
        expect(findings.matched + findings.behindWindow).toBe(obligations.length);
      }),
      { numRuns: 400 },
    );
  });
});

interface History {
  readonly fills: number;
  readonly each: number;
  readonly strangers: readonly number[];
  readonly refused: readonly number[];
  readonly lateSeconds: Readonly<Record<string, number>>;
  readonly skewMinutes: number;
  readonly tells: boolean;
  /** By which the times of rows are off, and the app's clock is not: a column without a zone. */
  readonly zoneHours: number;
  readonly limit: number;
}

/** A faithful app: a fill a minute, rows committed when acknowledged or a little later, own traffic, and the newest rows shown. */
function play({ fills, each, strangers, refused, lateSeconds, skewMinutes, tells, zoneHours, limit }: History) {
  const skewMs = skewMinutes * 60_000;
  const writes = range(1, fills).flatMap((fill) =>
    range(0, each - 1).map((index) => ({ write: obligation(fill, index), ms: start + fill * 60_000 + index * 2_000 })),
  );
  const ours = writes.flatMap(({ write, ms }, i) => {
    if (refused.includes(i)) return [];
    return [{ committedMs: ms + (lateSeconds[String(i)] ?? 0) * 1_000, row: (time: string) => rowOf(write, time) }];
  });
  const theirs = strangers.map((second, i) => ({
    committedMs: start + second * 1_000 + (i % 7),
    row: (time: string) => stranger(second, time),
  }));
  const nowMs = start + (fills + 3) * 60_000;
  const all = [...ours, ...theirs]
    .filter(({ committedMs }) => committedMs < nowMs)
    .toSorted((a, b) => b.committedMs - a.committedMs);
  const isRefused = (i: number) => refused.includes(i);
  const sent = writes.map(({ write, ms }) => ({ ...write, acknowledgedAt: new Date(ms).toISOString() }));
  return {
    app: all
      .slice(0, limit)
      .map(({ committedMs, row }) => row(new Date(committedMs + skewMs + zoneHours * 3_600_000).toISOString())),
    obligations: sent.filter((_, i) => !isRefused(i)),
    others: sent.filter((_, i) => isRefused(i)),
    now: new Date(nowMs).toISOString(),
    clock: tells ? new Date(nowMs + skewMs).toISOString() : null,
  };
}

describe('the reach of a window', () => {
  const placed = (fill: number | undefined, minute: number): PlacedRow => ({
    ...{ fill, acknowledged: NaN, time: start + minute * 60_000 },
  });
  it('is told by the clock of the app, corrected by what it says the time is', () => {
    const rows = range(1, 30).map((minute) => placed(undefined, 130 - minute));
    const clocks = { now: at(60), app: at(130) };
    expect([obligation(20), obligation(40)].map(mustBeShown(rows, clocks))).toEqual([false, true]);
  });
});
