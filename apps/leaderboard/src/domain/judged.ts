import type { EndpointParity } from '#libs/contracts/src/comparator.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

/** What was last really judged: pending and unknown leave it as it is. It decides the rank. */
export interface Judged {
  readonly at: string;
  readonly endpointsInSync: number;
  readonly endpoints: number;
  readonly lostAfterAck: number;
  readonly byPath: Readonly<Record<string, JudgedEndpoint>>;
}

interface JudgedEndpoint {
  readonly inSync: boolean;
  readonly lost: number;
  /** When its rows were last judged: at an earlier verdict, where this one could not read them. Empty: never. */
  readonly at: string;
}

/** What a verdict says of its endpoints, as far as ranks go by it. */
export interface SaidOfEndpoints {
  readonly computedAt: string;
  readonly endpoints: readonly Pick<EndpointParity, 'path' | 'verdict' | 'missing'>[];
}

const neverJudged: JudgedEndpoint = { inSync: false, lost: 0, at: '' };

/**
 * A verdict on top of what was judged before. An endpoint that could not be judged keeps what it has lost, so that hiding rows helps
 * nobody; one that the app does not show is not in sync, one that we are still looking at stays as it was.
 */
export function judge(before: Judged | null, { endpoints, computedAt }: SaidOfEndpoints): Judged {
  const byPath = endpoints.map((endpoint) => [endpoint.path, judgedEndpoint(endpoint, before, computedAt)] as const);
  return summed(computedAt, Object.fromEntries(byPath));
}

function judgedEndpoint(
  { path, verdict, missing }: SaidOfEndpoints['endpoints'][number],
  before: Judged | null,
  at: string,
): JudgedEndpoint {
  if (verdict === 'in-sync' || verdict === 'out-of-sync') return { inSync: verdict === 'in-sync', lost: missing, at };
  const known = before?.byPath[path] ?? neverJudged;
  return verdict === 'unreachable' ? { ...known, inSync: false } : known;
}

/**
 * What staff say of a comparison holds for every endpoint. Rows that were found lost stay lost, unless they say that it is in sync.
 */
export function judgedAs(verdict: Verdict, own: Judged | null, paths: readonly string[], at: string): Judged {
  const seen = { inSync: true, lost: 0, at };
  const otherwise = (path: string) => ({ ...(own?.byPath[path] ?? neverJudged), inSync: false });
  const byPath = paths.map((path) => [path, verdict === 'in-sync' ? seen : otherwise(path)] as const);
  return summed(at, Object.fromEntries(byPath));
}

/** The same without what was judged before a time. */
export function judgedSince(judged: Judged, since: Date): Judged {
  const byPath = Object.entries(judged.byPath).map(
    ([path, one]) => [path, new Date(one.at) >= since ? one : neverJudged] as const,
  );
  return summed(judged.at, Object.fromEntries(byPath));
}

function summed(at: string, byPath: Judged['byPath']): Judged {
  const all = Object.values(byPath);
  return {
    at,
    endpointsInSync: all.filter((one) => one.inSync).length,
    endpoints: all.length,
    lostAfterAck: all.reduce((sum, one) => sum + one.lost, 0),
    byPath,
  };
}
