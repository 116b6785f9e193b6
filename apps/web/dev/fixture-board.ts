import type { ServerResponse } from 'node:http';
import type { BoardFreeze, BoardUpdate, BoardView, Timers } from '#libs/contracts/src/gateway.js';
import type { BoardFill, BoardRow, Freeze, LogLine } from '#libs/contracts/src/leaderboard.js';
import { ago, idOf, traceOf } from './fixture-apps.js';

const soon = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();

/** The board of the fixture with its watchers: what the gateway's board feed is in the real system. */
export class FixtureBoard {
  revision = 1;
  missing: string[] = [];
  /** Whoever comes now is sent away, as by a gateway that restarts. */
  isRefusing = false;
  /** When the leaderboard was last heard, while it is away; the epoch when it never was. */
  asOf: string | null = null;
  /** The revision that the newest watcher had. */
  lastAfter = 0;
  fill: BoardFill = { open: null, last: { number: 41, closedAt: ago(50), filled: 9, partly: 0, givenUp: 1 } };
  timers: Timers;
  readonly log: LogLine[] = [];
  freezes: { at: string; action: 'freeze' | 'thaw'; by: string; boardAt: string }[] = [];
  private held: { freeze: Freeze; view: BoardView } | null = null;
  private readonly rows = new Map<string, BoardRow>();
  private readonly touched = new Map<string, number>();
  /** Who watches, and whether as staff. */
  private readonly streams = new Map<ServerResponse, boolean>();

  constructor(rows: readonly BoardRow[], baselineUrl = 'http://127.0.0.1:9001') {
    for (const row of rows) this.rows.set(row.appId, row);
    this.timers = {
      fill: {
        on: true,
        intervalSeconds: 120,
        baselineUrl,
        nextFillAt: soon(70),
        lastFill: { fillId: idOf(241), number: 41, requestedAt: ago(60) },
      },
      compare: { on: true, intervalSeconds: 150, nextCompareAt: soon(95) },
    };
    for (const [seconds, level, text] of story) this.addLine(level, text, seconds);
  }

  /** As staff see it. */
  view(): BoardView {
    const { revision, fill, timers, missing } = this;
    const frozen: BoardFreeze | null = this.held && { ...this.held.freeze, hides: false };
    return {
      ...{ revision, asOf: this.asOf ?? new Date().toISOString(), frozen, since: ago(100_100) },
      rows: [...this.rows.values()],
      fill,
      timers,
      missing,
    };
  }

  viewFor(isStaff: boolean): BoardView {
    return (!isStaff && this.held?.view) || this.view();
  }

  /** As of a time: who had joined then, and what had been judged. */
  viewAt(at: string, isStaff: boolean): BoardView {
    const newest = this.viewFor(isStaff);
    if (Date.parse(at) >= Date.parse(newest.asOf)) return newest;
    const rows = newest.rows
      .filter((row) => row.joinedAt <= at)
      .map((row) => (row.comparedAt !== null && row.comparedAt > at ? { ...row, ...notYet } : row));
    return { ...newest, ...still, asOf: at, rows };
  }

  freeze(by = 'teacher'): Freeze {
    const freeze = { at: new Date().toISOString() };
    this.held = { freeze, view: { ...this.view(), ...still, asOf: freeze.at, frozen: { ...freeze, hides: true } } };
    this.freezes.unshift({ at: freeze.at, action: 'freeze', by, boardAt: freeze.at });
    for (const [stream, isStaff] of this.streams)
      if (!isStaff) send(stream, { ...this.held.view, reset: true, left: [], log: [] });
    this.change([]);
    return freeze;
  }

  thaw(by = 'teacher'): string {
    const { at } = this.held!.freeze;
    this.held = null;
    this.freezes.unshift({ at: new Date().toISOString(), action: 'thaw', by, boardAt: at });
    this.revision += 1;
    for (const stream of this.streams.keys()) send(stream, { ...this.view(), reset: true, left: [], log: [] });
    return at;
  }

  get isFrozen(): boolean {
    return this.held !== null;
  }

  row(appId: string): BoardRow | undefined {
    return this.rows.get(appId);
  }

  addLine(level: LogLine['level'], text: string, secondsAgo = 0): LogLine {
    const line = { line: this.log.length + 1, at: ago(secondsAgo), level, appId: null, text, traceId: traceOf(1) };
    this.log.push(line);
    return line;
  }

  /** Changes rows and tells everybody who watches. */
  change(rows: readonly BoardRow[], part: Partial<Pick<BoardUpdate, 'left' | 'log'>> = {}): void {
    this.revision += 1;
    for (const row of rows) {
      this.rows.set(row.appId, row);
      this.touched.set(row.appId, this.revision);
    }
    for (const appId of part.left ?? []) this.rows.delete(appId);
    this.tell({ ...this.view(), reset: false, rows: [...rows], left: [], log: [], ...part });
  }

  /** A watcher; `after` is the revision that it has. */
  watch(stream: ServerResponse, after: number, isStaff = false): void {
    if (this.isRefusing) {
      stream.destroy();
      return;
    }
    this.lastAfter = after;
    stream.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    stream.write('retry: 400\n\n');
    this.streams.set(stream, isStaff);
    stream.on('close', () => this.streams.delete(stream));
    if (this.held && !isStaff) return send(stream, { ...this.held.view, reset: true, left: [], log: [] });
    const isKnown = after > 0 && after <= this.revision;
    const rows = [...this.rows.values()].filter((row) => !isKnown || (this.touched.get(row.appId) ?? 0) > after);
    send(stream, { ...this.view(), reset: !isKnown, rows, left: [], log: [] });
  }

  get watching(): number {
    return this.streams.size;
  }

  /** As after a start of the gateway with no leaderboard: it knows of no board at all. */
  neverHeard(): void {
    Object.assign(this, { revision: 0, missing: ['leaderboard'], asOf: new Date(0).toISOString() });
    this.rows.clear();
  }

  dropStreams(): void {
    for (const stream of this.streams.keys()) stream.destroy();
  }

  private tell(update: BoardUpdate): void {
    for (const [stream, isStaff] of this.streams) if (isStaff || !this.held) send(stream, update);
  }
}

const notYet = {
  ...{ rank: null, verdict: 'pending', sentence: 'Not compared yet.', endpoints: [], rowsDifferent: 0, recent: [] },
  ...{ lostAfterAck: 0, comparedAt: null, comparisonId: null, inSyncSince: null },
} as const satisfies Partial<BoardRow>;
const still = { revision: 0, timers: { fill: null, compare: null } };

const send = (stream: ServerResponse, update: BoardUpdate): void =>
  void stream.write(`id: ${update.revision}\nevent: board\ndata: ${JSON.stringify(update)}\n\n`);

const story: [number, LogLine['level'], string][] = [
  [100_000, 'info', 'Ada Byron joined.'],
  [190, 'info', 'Fill 40 started: 10 apps, the baseline included.'],
  [188, 'info', '[Baseline] browser: 12 of 12 writes acknowledged.'],
  [187, 'info', '[Ada Byron] http: 12 of 12 writes acknowledged.'],
  [185, 'warning', '[Zeynep Aydın] http: 0 of 12 writes acknowledged, 12 refused. It answered 503.'],
  [184, 'warning', 'Fill 40 closed: 9 filled, 1 given up.'],
  [62, 'info', 'Fill 41 started: 10 apps, the baseline included.'],
  [58, 'info', '[<b onmouseover=alert(1)>bold</b>] http: 12 of 12 writes acknowledged.'],
  [50, 'warning', 'Fill 41 closed: 9 filled, 1 given up.'],
  [
    31,
    'bad',
    '[Kirill Antonov] Out of sync: 14 rows acknowledged, then lost since fill 36; 2 rows doubled since fill 39.',
  ],
  [27, 'good', '[Ada Byron] In sync: of 143 rows that the app acknowledged, all 143 are as they should be.'],
];
