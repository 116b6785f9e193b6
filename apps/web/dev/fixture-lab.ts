import type { ComparisonDetail } from '#libs/contracts/src/comparator.js';
import type { LabCard } from '#libs/contracts/src/labs.js';
import type { HeldEvent, Progress } from '#libs/contracts/src/operations.js';
import type { OverrideEntry } from '#libs/contracts/src/overrides.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';
import { ago, endpointsWith, idOf, lookingAgain, traceOf } from './fixture-apps.js';
import type { FixtureBoard } from './fixture-board.js';
import { detailOf } from './fixture-comparisons.js';
import { FixtureHeldBack } from './fixture-held-back.js';
import { FixturePreflights } from './fixture-preflights.js';
import { FixtureRules } from './fixture-rules.js';

const stepMs = 220;

interface Part {
  targetId: string;
  targetName: string;
  role: 'baseline' | 'app';
  state: 'due' | 'filling' | 'filled' | 'partly' | 'given-up';
  driver: 'browser' | 'http' | null;
  acknowledged: number;
  refused: number;
  unknown: number;
  note: string | null;
}

/** What happens in the fixture over time: fills that go on target by target, comparisons that take some looks. */
export class FixtureLab {
  readonly password = 'correct horse';
  readonly claims = new Map<string, string>();
  /** Who is behind a pseudonym. */
  readonly realNames = new Map([[idOf(3), { name: 'Ada Lovelace', team: 'Engines' as string | null }]]);
  /** Submitted from the one address that there is. */
  newApps = 0;
  readonly rules = new FixtureRules();
  readonly preflights = new FixturePreflights();
  isSignedIn = false;
  /** Of the installation; alone, it shows none. */
  labs: LabCard[] = [{ name: 'main', title: 'main', port: 8000, address: null }];
  /** As while the gateway restarts: nothing answers but the pages that are loaded already. */
  isAway = false;
  /** How often the progress of a batch was asked for. */
  asked = 0;
  /** How often the trace was asked for that is not stored yet. */
  traceAsked = 0;
  fill: { fillId: string; number: number; requestedAt: string; closedAt: string | null; parts: Part[] } | null = null;
  readonly batches = new Map<string, { requestedAt: string; comparisons: ComparisonDetail[] }>();
  readonly heldBack = new FixtureHeldBack();
  /** What staff said of comparisons, newest first. */
  readonly overrides = new Map<string, OverrideEntry[]>();
  held: HeldEvent[] = [heldEvent()];
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private next = 300;

  constructor(readonly board: FixtureBoard) {}

  newId = (): string => idOf(this.next++);

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      act();
    }, ms);
    this.timers.add(timer);
  }

  startFill(): { fillId: string; number: number; targets: number } {
    const number = (this.board.fill.last?.number ?? 0) + 1;
    const rows = this.board.view().rows;
    const parts = [part('baseline', 'Baseline', 'baseline'), ...rows.map((row) => part(row.appId, row.name, 'app'))];
    this.fill = { fillId: this.newId(), number, requestedAt: ago(0), closedAt: null, parts };
    this.tellFill('info', `Fill ${number} started: ${parts.length} apps, the baseline included.`);
    this.later(stepMs, () => this.fillNext(0));
    return { fillId: this.fill.fillId, number, targets: parts.length };
  }

  private fillNext(index: number): void {
    const fill = this.fill!;
    const current = fill.parts[index];
    if (!current) {
      fill.closedAt = ago(0);
      this.tellFill('warning', `Fill ${fill.number} closed: ${fill.parts.length - 1} filled, 1 given up.`);
      return;
    }
    const isDown = current.targetId === idOf(6);
    Object.assign(
      current,
      isDown ? givenUp : { state: 'filled', acknowledged: 12, driver: index === 0 ? 'browser' : 'http' },
    );
    const following = fill.parts[index + 1];
    if (following) Object.assign(following, { state: 'filling', driver: 'http', acknowledged: 5 });
    const outcome = isDown ? '0 of 12 writes acknowledged, 12 refused.' : '12 of 12 writes acknowledged.';
    this.tellFill(isDown ? 'warning' : 'info', `[${current.targetName}] ${current.driver}: ${outcome}`);
    this.later(stepMs, () => this.fillNext(index + 1));
  }

  private tellFill(level: 'info' | 'good' | 'warning', text: string): void {
    const { fillId, number, requestedAt, closedAt, parts } = this.fill!;
    const done = parts.filter(({ state }) => !['due', 'filling'].includes(state)).length;
    const open = { fillId, number, startedAt: requestedAt, done, total: parts.length };
    this.board.fill = closedAt
      ? { open: null, last: { number, closedAt, filled: parts.length - 1, partly: 0, givenUp: 1 } }
      : { ...this.board.fill, open };
    this.board.change([], { log: [this.board.addLine(level, text)] });
  }

  startBatch(
    appIds: readonly string[],
    isHeld = false,
  ): { batchId: string; comparisons: { comparisonId: string; appId: string }[] } {
    const batchId = this.newId();
    const rows = appIds.map((appId) => this.board.row(appId)).filter((row): row is BoardRow => row !== undefined);
    const comparisons = rows.map((row) =>
      detailOf(
        { ...row, ...endOf(row), comparisonId: this.newId() },
        { batchId, trigger: 'staff', state: 'queued', requestedAt: ago(0), computedAt: null },
      ),
    );
    if (isHeld) this.heldBack.open(batchId, comparisons.length);
    this.batches.set(batchId, { requestedAt: ago(0), comparisons });
    comparisons.forEach((comparison, index) => this.run(comparison, stepMs * (index + 1)));
    return { batchId, comparisons: comparisons.map(({ comparisonId, appId }) => ({ comparisonId, appId })) };
  }

  /** As the real one goes: what differs is looked at again, and until then the board only says that. */
  private run(comparison: ComparisonDetail, inMs: number): void {
    this.later(inMs, () => (comparison.state = 'comparing'));
    if (comparison.verdict !== 'in-sync') this.later(inMs + stepMs, () => this.lookAgain(comparison));
    this.later(inMs + stepMs * 3, () => this.judge(comparison));
  }

  private lookAgain(comparison: ComparisonDetail): void {
    comparison.state = 'second-look';
    if (this.heldBack.isOpen(comparison.batchId)) return;
    const row = this.board.row(comparison.appId);
    if (row) this.board.change([{ ...row, verdict: 'pending', sentence: lookingAgain }]);
  }

  private judge(comparison: ComparisonDetail): void {
    comparison.state = 'done';
    comparison.computedAt = ago(0);
    if (!this.heldBack.isOpen(comparison.batchId)) this.sayAll([comparison]);
  }

  sayAll(comparisons: readonly ComparisonDetail[]): void {
    for (const one of comparisons) this.say(one);
  }

  private say(comparison: ComparisonDetail): void {
    const row = this.board.row(comparison.appId);
    if (row) this.board.change([judged(row, comparison)]);
  }
}

const isNew = (row: BoardRow): boolean => row.endpoints.length === 0;

/** What a comparison of this app will find: what it found before; a new app is in sync. */
function endOf(row: BoardRow): Pick<BoardRow, 'verdict' | 'sentence' | 'endpoints' | 'acknowledged'> {
  const { verdict, sentence, endpoints, acknowledged, lostAfterAck } = row;
  if (isNew(row))
    return {
      verdict: 'in-sync',
      sentence: 'In sync: of 12 rows that the app acknowledged, all 12 are as they should be.',
      endpoints: endpointsWith({ 0: { matched: 4 }, 1: { matched: 4 }, 3: { matched: 4 } }),
      acknowledged: 12,
    };
  if (verdict !== 'pending') return { verdict, sentence, endpoints, acknowledged };
  const lost = `Out of sync: ${lostAfterAck} rows acknowledged, then lost since fill 40.`;
  return { verdict: 'out-of-sync', sentence: lost, endpoints, acknowledged };
}

/** What the leaderboard makes of a verdict; one that failed on our side leaves the counts as they were. */
function judged(row: BoardRow, { comparisonId, sentence, verdict }: ComparisonDetail): BoardRow {
  const recent = [...row.recent, verdict].slice(-20);
  const now = { comparedAt: ago(0), comparisonId, traceId: traceOf(5), verdict, sentence, recent };
  const { override: _, ...own } = row;
  return verdict === 'unknown' ? { ...own, ...now } : { ...own, ...endOf(row), ...now, rank: row.rank ?? 4 };
}

const part = (targetId: string, targetName: string, role: Part['role']): Part => ({
  ...{ targetId, targetName, role, state: 'due', driver: null, acknowledged: 0, refused: 0, unknown: 0, note: null },
});
const givenUp = { state: 'given-up', driver: 'http', acknowledged: 0, refused: 12, note: 'It answered 503.' };

const heldEvent = (): HeldEvent => ({
  eventId: idOf(777),
  service: 'leaderboard',
  log: 'comparator',
  n: 1_201,
  name: 'ParityComputed',
  key: idOf(4),
  state: 'dead',
  attempts: 5,
  nextAt: null,
  error: 'duplicate key value violates unique constraint "standing_rank" <script>window.hacked=1</script>',
  traceId: traceOf(4),
  heldAt: ago(840),
});

const quiet = {
  unnumbered: 0,
  held: { retrying: 0, waiting: 0, dead: 0 },
  work: { due: 0, leased: 0, later: 1, oldestDueSeconds: 0 },
};

/** The filler has work, and the comparator has not read its last two events: both are at work, one of them quietly. */
export const progress = (): Record<string, Progress> => ({
  gateway: { ...quiet, head: 0, published: 0, cursors: {} },
  submission: { ...quiet, head: 58, published: 58, cursors: { filler: 366 } },
  filler: {
    ...{ ...quiet, head: 366, published: 366, cursors: { submission: 58 } },
    work: { due: 3, leased: 2, later: 1, oldestDueSeconds: 1.4 },
  },
  comparator: { ...quiet, head: 1_284, published: 1_284, cursors: { submission: 58, filler: 364 } },
});
