import { ago, endpointPaths } from './fixture-apps.js';
import type { FixtureLab } from './fixture-lab.js';
import { refuse } from './fixture-problems.js';
import type { Asked, Route } from './fixture-route.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';
import type { DraftRule, MeasuredRule, RulesPreview, RulesView, ShownRule } from '#libs/contracts/src/rules.js';

/** Rules as the comparator has them: two versions, something measured, and a draft that matters to one app. */

const moods = '/api/moods/all';
const entries = '/api/journal/entries/all';
const values = '/api/server/values/all';

const rule = (endpoint: string, part: Partial<ShownRule>): ShownRule => ({
  ...{ endpoint, name: 'own id', path: '/rows/*/id', mode: 'ignore', reason: 'Each app numbers its rows itself.' },
  ...{ epsilon: null, withinMs: null, key: null, expiresAt: null, author: 'lockstep', createdAt: ago(40 * 86_400) },
  ...{ source: 'typed', isExpired: false, hits: 384 },
  ...part,
});
const ownClock = {
  name: 'own clock',
  path: '/rows/*/created_at',
  reason: 'Each app stamps its rows by its own clock.',
};

export const firstRules = (): ShownRule[] => [
  ...[moods, entries].flatMap((endpoint) => [rule(endpoint, {}), rule(endpoint, ownClock)]),
  ...['command', 'rowCount', 'fields'].map((field) =>
    rule(values, {
      name: `database driver: ${field}`,
      path: `/${field}`,
      reason: 'Describes the database connection, not the data.',
      hits: field === 'fields' ? 8 : 0,
    }),
  ),
];

export const lateRule = (): ShownRule =>
  rule(entries, {
    ...{ name: 'mood score, until the exercise of week 5', path: '/rows/*/score', mode: 'tolerance', epsilon: 0.5 },
    ...{ reason: 'Rounded to halves by those who store it as text.', author: 'teacher', hits: 0 },
    ...{ createdAt: ago(9_000), expiresAt: ago(600), isExpired: true },
  });

export const measuredRules = (): MeasuredRule[] => [
  {
    ...{ source: 'measured', endpoint: entries, path: '/rows/*/updated_at', differed: 148, compared: 148 },
    ...{ firstSeenAt: ago(86_000), lastSeenAt: ago(40), isInForce: true },
  },
];

export class FixtureRules {
  versions = [
    {
      version: 2,
      author: 'teacher',
      reason: 'Scores are rounded.',
      publishedAt: ago(9_000),
      rules: [...firstRules(), lateRule()],
    },
    {
      version: 1,
      author: 'lockstep',
      reason: 'The rules that Lockstep comes with.',
      publishedAt: ago(40 * 86_400),
      rules: firstRules(),
    },
  ];

  view(version?: number): RulesView {
    const set = this.versions.find((one) => one.version === version) ?? (version ? undefined : this.versions[0]);
    if (!set) return refuse('not-found', `There is no version ${version} of the rules.`, 'Look at the newest one.');
    const head = ({ rules, ...rest }: typeof set) => ({ ...rest, rules: rules.length });
    return {
      current: this.versions[0]!.version,
      shown: head(set),
      rules: set.rules,
      measured: measuredRules(),
      versions: this.versions.map(head),
      endpoints: [...endpointPaths],
    };
  }

  publish(body: Record<string, unknown>, author: string): { version: number } {
    const { basedOn, reason, rules } = body as { basedOn: number; reason: string; rules: DraftRule[] };
    const newest = this.versions[0]!;
    if (basedOn !== newest.version)
      return refuse('rules-outdated', `Version ${newest.version} was published meanwhile by ${newest.author}: ${newest.reason}`, `Look at version ${newest.version}, and change that one.`); // prettier-ignore
    const version = basedOn + 1;
    const next = rules.map((one) => rule(one.endpoint, { ...one, author, createdAt: ago(0), hits: 0 }));
    this.versions = [{ version, author, reason, publishedAt: ago(0), rules: next }, ...this.versions];
    return { version };
  }
}

/** A rule about notes moves the app whose notes come back changed; without the rule about ids everybody differs. */
export function previewOf(lab: FixtureLab, draft: readonly DraftRule[]): RulesPreview {
  const isMeant = (row: BoardRow) => draft.some(({ path, endpoint }) => path === '/rows/*/note' && row.endpoints.some((one) => one.path === endpoint && one.changed > 0)); // prettier-ignore
  const isStrict = !draft.some(({ name, endpoint }) => name === 'own id' && endpoint === moods);
  const rows = lab.board.view().rows.filter(({ comparisonId, verdict }) => comparisonId && verdict !== 'unreachable');
  return {
    basedOn: lab.rules.view().current,
    apps: rows.map((row) => {
      const before = { verdict: row.rowsDifferent > 0 ? 'out-of-sync' : 'in-sync', rowsDifferent: row.rowsDifferent, hits: 224 } as const; // prettier-ignore
      const rowsDifferent = isStrict ? row.acknowledged : isMeant(row) ? 0 : row.rowsDifferent;
      const after = { verdict: rowsDifferent > 0 ? 'out-of-sync' : 'in-sync', rowsDifferent, hits: isStrict ? 112 : 226 } as const; // prettier-ignore
      const { appId, name, comparisonId, comparedAt } = row;
      const onBoard =
        rowsDifferent === row.rowsDifferent ? {} : { onBoard: { appId, verdict: after.verdict, endpoints: [] } };
      return { appId, appName: name, comparisonId: comparisonId!, comparedAt: comparedAt!, before, after, ...onBoard };
    }),
    ruleHits: [],
    untested: [{ appName: 'Noor Haddad', why: 'Nothing of it is kept: it has not been compared lately.' }],
    next: null,
  };
}

const signedIn = ({ lab }: Asked): void => {
  if (!lab.isSignedIn) refuse('sign-in-needed', 'This is for staff.', 'Sign in at /staff.');
};

export const rulesRoutes: readonly Route[] = [
  [
    'GET',
    /^\/api\/v1\/rules(?:\/(\d+))?$/,
    ({ lab, parts }) => ({ body: lab.rules.view(Number(parts[0]) || undefined) }),
  ],
  [
    'POST',
    /^\/api\/v1\/rules$/,
    (asked) => (signedIn(asked), { status: 201, body: asked.lab.rules.publish(asked.body, 'teacher') }),
  ],
  [
    'POST',
    /^\/api\/v1\/rules\/preview$/,
    (asked) => (signedIn(asked), { body: previewOf(asked.lab, asked.body['rules'] as DraftRule[]) }),
  ],
];
