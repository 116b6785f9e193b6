import type { ComparisonDetail } from '#libs/contracts/src/comparator.js';
import type { HeldEvent, Progress } from '#libs/contracts/src/operations.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';
import { ago, endpointsWith, idOf, traceOf } from './fixture-apps.js';
import type { FixtureBoard } from './fixture-board.js';
import { detailOf } from './fixture-comparisons.js';

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
  isSignedIn = false;
  /** How often the progress of a batch was asked for. */
  asked = 0;
  fill: { fillId: string; number: number; requestedAt: string; closedAt: string | null; parts: Part[] } | null = null;
  readonly batches = new Map<string, { requestedAt: string; comparisons: ComparisonDetail[] }>();
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
      this.tellFill('good', `Fill ${fill.number} closed: ${fill.parts.length} filled.`);
      return;
    }
    const isDown = this.board.row(current.targetId)?.verdict === 'unreachable';
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
      ? { open: null, last: { number, closedAt, filled: parts.length, partly: 0, givenUp: 0 } }
      : { ...this.board.fill, open };
    this.board.change([], { log: [this.board.addLine(level, text)] });
  }

  startBatch(appIds: readonly string[]): { batchId: string; comparisons: { comparisonId: string; appId: string }[] } {
    const batchId = this.newId();
    const rows = appIds.map((appId) => this.board.row(appId)).filter((row): row is BoardRow => row !== undefined);
    const comparisons = rows.map((row) =>
      detailOf(
        { ...row, comparisonId: row.comparisonId ?? this.newId() },
        { batchId, trigger: 'staff', state: 'queued' },
      ),
    );
    this.batches.set(batchId, { requestedAt: ago(0), comparisons });
    comparisons.forEach((comparison, index) => this.run(comparison, stepMs * (index + 1)));
    return { batchId, comparisons: comparisons.map(({ comparisonId, appId }) => ({ comparisonId, appId })) };
  }

  private run(comparison: ComparisonDetail, inMs: number): void {
    this.later(inMs, () => (comparison.state = 'comparing'));
    if (comparison.verdict === 'out-of-sync') this.later(inMs + stepMs, () => (comparison.state = 'second-look'));
    this.later(inMs + stepMs * 3, () => {
      comparison.state = 'done';
      comparison.computedAt = ago(0);
      const row = this.board.row(comparison.appId);
      if (row) this.board.change([judged(row, comparison)]);
    });
  }
}

function judged(row: BoardRow, { comparisonId, sentence, verdict }: ComparisonDetail): BoardRow {
  const now = { comparedAt: ago(0), comparisonId, traceId: traceOf(5) };
  if (row.endpoints.length > 0) return { ...row, ...now, sentence, recent: [...row.recent, verdict].slice(-20) };
  return {
    ...row,
    ...now,
    verdict: 'in-sync',
    rank: 4,
    endpoints: endpointsWith(),
    recent: ['in-sync'],
    sentence: 'In sync on all 4 endpoints.',
  };
}

const part = (targetId: string, targetName: string, role: Part['role']): Part => ({
  ...{ targetId, targetName, role, state: 'due', driver: null, acknowledged: 0, refused: 0, unknown: 0, note: null },
});
const givenUp = { state: 'given-up', driver: 'http', refused: 12, note: 'The app answered 503 to every write.' };

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

export const progress = (): Record<string, Progress> =>
  Object.fromEntries(
    ['gateway', 'submission', 'filler', 'comparator'].map((name, index) => [
      name,
      {
        head: [0, 58, 366, 1_284][index]!,
        published: [0, 58, 366, 1_284][index]!,
        unnumbered: 0,
        cursors: (name === 'comparator' ? { submission: 58, filler: 364 } : {}) as Record<string, number>,
        held: { retrying: 0, waiting: 0, dead: 0 },
        work: {
          due: name === 'filler' ? 3 : 0,
          leased: name === 'filler' ? 2 : 0,
          later: 1,
          oldestDueSeconds: name === 'filler' ? 1.4 : 0,
        },
      },
    ]),
  );
