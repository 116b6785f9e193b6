import { ago, idOf, lookedAtId, traceOf } from './fixture-apps.js';
import { detailOf, summaryOf, underWay } from './fixture-comparisons.js';
import { heldBackRoutes } from './fixture-held-back.js';
import { progress, type FixtureLab } from './fixture-lab.js';
import { refuse } from './fixture-problems.js';
import { found, notWhileFrozen, staff, type Answered, type Route } from './fixture-route.js';
import { preflightRoutes } from './fixture-preflights.js';
import { ranksRoutes } from './fixture-ranks.js';
import { rulesRoutes } from './fixture-rules.js';
import { declareWindow, newAppsLeft, showWindow, submitApp, withdrawApp } from './fixture-submission.js';
import { suspectsOf, suspicionsOf } from './fixture-suspicions.js';
import { comparisonTrace, fillTrace, traceList } from './fixture-traces.js';
import { windowsOf } from './fixture-windows.js';
import { overrideVerdict, unknownOf } from './fixture-overrides.js';
import { ledgerOf } from './fixture-writes.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';

const showComparison: Route[2] = ({ lab, parts: [id] }) => {
  const running = [...lab.batches.values()]
    .flatMap((batch) => batch.comparisons)
    .find((one) => one.comparisonId === id);
  if (running) return { body: { comparison: running } };
  const { rows } = lab.board.view();
  if (id === secondLookId) return { body: { comparison: { ...underWay(found(lab.board.row(lookedAtId), 'app')), comparisonId: id } } }; // prettier-ignore
  const row = found(
    rows.find((one) => one.comparisonId === id),
    'comparison',
  );
  const overrides = lab.overrides.get(row.comparisonId!) ?? [];
  const forStaff = lab.isSignedIn ? { suspicions: suspicionsOf(row), overrides } : {};
  return { body: { comparison: { ...detailOf(lastJudged(row)), ...forStaff } } };
};

/** The comparison of an app that is looked at again, which its board row does not name yet. */
const secondLookId = idOf(199);

/** The comparison that a board row names was judged, whatever the row says while another goes on. */
const lastJudged = (row: BoardRow): BoardRow =>
  row.verdict === 'pending'
    ? {
        ...row,
        verdict: 'out-of-sync',
        sentence: `Out of sync: ${row.lostAfterAck} rows acknowledged, then lost since fill 40.`,
      }
    : row;

const showBatch: Route[2] = ({ lab, parts: [batchId] }) => {
  const { requestedAt, comparisons } = found(lab.batches.get(batchId!), 'batch');
  const all = comparisons.filter(({ state }) => state === 'done').length;
  // Answers can overtake each other: now and then one is older than the one before.
  const done = all > 0 && all < comparisons.length && lab.asked++ % 3 === 2 ? Math.max(0, all - 4) : all;
  return { body: { batchId, by: 'teacher', requestedAt, total: comparisons.length, done, comparisons, next: null } };
};

const signIn: Route[2] = ({ lab, body: { name, password } }) => {
  if (password !== lab.password)
    return refuse(
      'sign-in-failed',
      'No account has this name and password.',
      'Check both; the first start printed them.',
    );
  lab.isSignedIn = true;
  return { body: session(String(name)) };
};
const session = (name: string) => ({ name, role: 'staff', expiresAt: ago(-28_800) });

const setAutomation = staff(({ lab: { board }, body }) => {
  const { fill = {}, compare = {} } = body as Record<string, Record<string, unknown> | undefined>;
  if (fill.baselineUrl && !String(fill.baselineUrl).startsWith('http'))
    return refuse('validation', 'The request is not valid: fill.baselineUrl must be an address.', 'Correct it.', [{ path: 'fill.baselineUrl', message: 'must be an address' }]); // prettier-ignore
  board.timers = {
    fill: { ...board.timers.fill!, ...fill },
    compare: { ...board.timers.compare!, ...compare },
  };
  board.change([]);
  return { body: board.timers };
});

const heldBy = (lab: FixtureLab, eventId: string | undefined) => found(lab.held.find((one) => one.eventId === eventId), 'event'); // prettier-ignore
const settle = (state: 'discarded' | 'replayed') =>
  staff(({ lab, parts }) => {
    const event = heldBy(lab, parts[1]);
    lab.held = lab.held.filter((one) => one !== event);
    return { body: { event: { ...event, state: state === 'discarded' ? state : 'retrying' } } };
  });

const line = (producer: string, consumer: string, committed: number) => ({
  ...{
    producer,
    consumer,
    committed,
    applied: committed,
    lost: 0,
    duplicated: 0,
    phantom: 0,
    outOfOrder: 0,
    underWay: 0,
  },
});

/** The second trace is a fill; the ninth ended long ago; the tenth is stored only when it is asked for the third time. */
function showTrace(lab: FixtureLab, id: string, comparisonId: string | null): Answered {
  const isLate = id === traceOf(10) && lab.traceAsked++ < 2;
  if (id === traceOf(9) || isLate)
    return refuse('not-found', 'No trace with this id is kept.', 'Traces are kept for a day; one that just began appears within a second.'); // prettier-ignore
  return { body: id === traceOf(2) ? fillTrace(id) : comparisonTrace(id, { failed: id === traceOf(4), comparisonId }) };
}

export const routes: readonly Route[] = [
  ['POST', /^\/api\/v1\/apps$/, submitApp],
  [
    'GET',
    /^\/api\/v1\/apps$/,
    ({ lab }) => {
      const realOf = (appId: string) => (lab.isSignedIn ? (lab.realNames.get(appId) ?? null) : null);
      const apps = lab.board.view().rows.map((row) => ({ ...row, withdrawnAt: null, real: realOf(row.appId) }));
      return { body: { apps } };
    },
  ],
  ['GET', /^\/api\/v1\/limits$/, ({ lab }) => ({ body: { newApps: lab.isSignedIn ? null : newAppsLeft(lab) } })],
  ['GET', /^\/api\/v1\/labs$/, ({ lab: { labs } }) => ({ body: { here: 'main', labs } })],
  ['DELETE', /^\/api\/v1\/apps\/([^/]+)$/, withdrawApp],
  [
    'GET',
    /^\/api\/v1\/apps\/([^/]+)\/ledger$/,
    notWhileFrozen(({ lab, parts, query }) => ({ body: ledgerOf(lab.board.row(parts[0]!), query) })),
  ],
  [
    'GET',
    /^\/api\/v1\/apps\/([^/]+)\/windows$/,
    ({ lab, parts }) => ({ body: { windows: windowsOf(lab.board.row(parts[0]!)) } }),
  ],
  ['POST', /^\/api\/v1\/apps\/([^/]+)\/windows$/, declareWindow],
  ['GET', /^\/api\/v1\/windows\/([^/]+)$/, showWindow],
  [
    'GET',
    /^\/api\/v1\/board$/,
    ({ lab, query }) => ({
      body: query.get('at') ? lab.board.viewAt(query.get('at')!, lab.isSignedIn) : lab.board.viewFor(lab.isSignedIn),
    }),
  ],
  ['GET', /^\/api\/v1\/board\/freeze$/, staff(({ lab }) => ({ body: { freezes: lab.board.freezes } }))],
  [
    'POST',
    /^\/api\/v1\/board\/freeze$/,
    staff(({ lab: { board } }) =>
      board.isFrozen
        ? refuse('conflict', 'The scoreboard is frozen already.', 'Thaw it first, and freeze it again.')
        : { body: { frozen: board.freeze() } },
    ),
  ],
  ['DELETE', /^\/api\/v1\/board\/freeze$/, staff(({ lab }) => ({ body: { wasFrozenAt: lab.board.thaw() } }))],
  [
    'GET',
    /^\/api\/v1\/board\/log$/,
    ({ lab, query }) => ({
      body: { lines: lab.board.log.filter((one) => one.line > Number(query.get('after') ?? 0)).slice(-500) },
    }),
  ],
  [
    'GET',
    /^\/api\/v1\/comparisons$/,
    ({ lab, query }) => ({
      body: {
        comparisons: lab.board
          .view()
          .rows.filter((row) => row.comparisonId && row.appId === query.get('appId'))
          .flatMap((row) => [
            ...(row.appId === lookedAtId ? [summaryOf(row, { comparisonId: secondLookId, state: 'second-look' })] : []),
            summaryOf(lastJudged(row)),
            summaryOf(row, {
              comparisonId: idOf(101),
              requestedAt: ago(400),
              computedAt: ago(390),
              verdict: 'in-sync',
              sentence: 'In sync: of 131 rows that the app acknowledged, all 131 are as they should be.',
            }),
          ]),
      },
    }),
  ],
  [
    'POST',
    /^\/api\/v1\/comparisons$/,
    staff(({ lab, body: { apps, hold } }) => ({
      status: 202,
      body: lab.startBatch(
        apps === 'all' ? lab.board.view().rows.map((row) => row.appId) : (apps as string[]),
        hold === true,
      ),
    })),
  ],
  ['GET', /^\/api\/v1\/comparisons\/([^/]+)$/, showComparison],
  ['POST', /^\/api\/v1\/comparisons\/([^/]+)\/override$/, overrideVerdict],
  ['GET', /^\/api\/v1\/unknown$/, staff(({ lab }) => ({ body: unknownOf(lab.board.view().rows) }))],
  ...rulesRoutes,
  ...heldBackRoutes,
  ...ranksRoutes,
  ...preflightRoutes,
  ['GET', /^\/api\/v1\/suspects$/, staff(({ lab }) => ({ body: { suspects: suspectsOf(lab.board.view().rows) } }))],
  ['GET', /^\/api\/v1\/batches\/([^/]+)$/, showBatch],
  [
    'GET',
    /^\/api\/v1\/session$/,
    ({ lab }) =>
      lab.isSignedIn
        ? { body: session('teacher') }
        : refuse('sign-in-needed', 'Nobody is signed in.', 'Sign in at /staff.'),
  ],
  ['POST', /^\/api\/v1\/session$/, signIn],
  ['DELETE', /^\/api\/v1\/session$/, ({ lab }) => ((lab.isSignedIn = false), { status: 204 })],
  ['POST', /^\/api\/v1\/fills$/, staff(({ lab }) => ({ status: 202, body: lab.startFill() }))],
  ['GET', /^\/api\/v1\/fills\/[^/]+$/, ({ lab }) => ({ body: { fill: lab.fill } })],
  ['GET', /^\/api\/v1\/automation$/, ({ lab }) => ({ body: lab.board.timers })],
  ['PATCH', /^\/api\/v1\/automation$/, setAutomation],
  [
    'GET',
    /^\/api\/v1\/traces$/,
    ({ query }) => ({
      body: {
        traces: traceList().filter(
          (one) => (query.get('failed') !== 'true' || one.failed > 0) && one.name.includes(query.get('search') ?? ''),
        ),
      },
    }),
  ],
  [
    'GET',
    /^\/api\/v1\/traces\/([0-9a-f]+)$/,
    ({ lab, parts: [id], query }) => showTrace(lab, id!, query.get('comparison')),
  ],
  ['GET', /^\/api\/v1\/progress$/, staff(() => ({ body: { services: progress(), missing: ['leaderboard'] } }))],
  [
    'GET',
    /^\/api\/v1\/dead-letters$/,
    staff(({ lab }) => ({ body: { events: lab.held, total: lab.held.length, next: null, missing: [] } })),
  ],
  [
    'GET',
    /^\/api\/v1\/dead-letters\/([^/]+)\/([^/]+)$/,
    staff(({ lab, parts }) => ({
      body: { event: heldBy(lab, parts[1]), body: { appId: idOf(4), verdict: 'in-sync' }, audit: [] },
    })),
  ],
  ['POST', /^\/api\/v1\/dead-letters\/([^/]+)\/([^/]+)\/replay$/, settle('replayed')],
  ['POST', /^\/api\/v1\/dead-letters\/([^/]+)\/([^/]+)\/discard$/, settle('discarded')],
  [
    'GET',
    /^\/api\/v1\/ledger$/,
    staff(() => ({
      body: {
        lost: 0,
        duplicated: 0,
        phantom: 0,
        outOfOrder: 0,
        lines: [
          line('submission', 'filler', 58),
          line('submission', 'comparator', 58),
          line('filler', 'comparator', 366),
          line('comparator', 'leaderboard', 1_284),
        ],
      },
    })),
  ],
];
