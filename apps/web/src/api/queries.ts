import { QueryClient, useQuery } from '@tanstack/react-query';
import { ApiProblem, call } from './call.js';
import { mayBeSignedIn, rememberSignIn } from './sign-in-memory.js';
import type { ComparisonDetail, ComparisonSummary, GetBatch } from '#libs/contracts/src/comparator.js';
import type { ReplyOf } from '#libs/contracts/src/contract.js';
import type { GetFill, ListWrites } from '#libs/contracts/src/filler.js';
import type { SignedIn, Timers, TraceSummary, TraceView } from '#libs/contracts/src/gateway.js';
import type { HeldEvent, Progress, ShowHeld } from '#libs/contracts/src/operations.js';
import type { ListedApp } from '#libs/contracts/src/submission.js';

export type Batch = ReplyOf<typeof GetBatch>;
export type Fill = NonNullable<ReplyOf<typeof GetFill>['fill']>;
export type WritePage = ReplyOf<typeof ListWrites>;
export type Write = WritePage['writes'][number];
export type HeldDetail = ReplyOf<typeof ShowHeld>;

const attemptsMax = 3;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < attemptsMax - 1 && error instanceof ApiProblem && error.isPassing,
      retryDelay: (attempt) => 500 * 2 ** attempt,
      staleTime: 1_000,
      refetchOnWindowFocus: true,
    },
  },
});

const get =
  <T>(path: string) =>
  ({ signal }: { signal: AbortSignal }): Promise<T> =>
    call<T>(path, { signal });

export const useApps = () =>
  useQuery({ queryKey: ['apps'], queryFn: get<{ apps: ListedApp[] }>('/api/v1/apps'), select: ({ apps }) => apps });

/** Asks again every second while the verdict is not out yet. */
export const useComparison = (comparisonId: string) =>
  useQuery({
    queryKey: ['comparison', comparisonId],
    queryFn: get<{ comparison: ComparisonDetail }>(`/api/v1/comparisons/${encodeURIComponent(comparisonId)}`),
    select: ({ comparison }) => comparison,
    refetchInterval: ({ state }) => (state.data?.comparison.state === 'done' || state.error ? false : 1_000),
  });

export const useComparisonsOf = (appId: string, newest: string | null) =>
  useQuery({
    queryKey: ['comparisons', appId, newest],
    queryFn: get<{ comparisons: ComparisonSummary[] }>(
      `/api/v1/comparisons?appId=${encodeURIComponent(appId)}&limit=20`,
    ),
    select: ({ comparisons }) => comparisons,
    placeholderData: (previous) => previous,
  });

export const useBatch = (batchId: string | null) =>
  useQuery({
    queryKey: ['batch', batchId],
    queryFn: get<Batch>(`/api/v1/batches/${encodeURIComponent(batchId ?? '')}`),
    enabled: batchId !== null,
    refetchInterval: ({ state }) => (state.error || (state.data && state.data.done >= state.data.total) ? false : 500),
  });

/** The newest fill; looked at closely while it is open. */
export const useLatestFill = (openFillId: string | null) =>
  useQuery({
    queryKey: ['fill', openFillId],
    queryFn: get<{ fill: Fill | null }>('/api/v1/fills/latest'),
    select: ({ fill }) => fill,
    placeholderData: (previous) => previous,
    refetchInterval: ({ state }) => (state.data?.fill && !state.data.fill.closedAt ? 1_000 : 10_000),
  });

export const useTimers = () =>
  useQuery({ queryKey: ['timers'], queryFn: get<Timers>('/api/v1/automation'), refetchInterval: 10_000 });

export const useSession = () =>
  useQuery({
    queryKey: ['session'],
    queryFn: async ({ signal }): Promise<SignedIn | null> => {
      if (!mayBeSignedIn()) return null;
      try {
        return await call<SignedIn>('/api/v1/session', { signal });
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.kind !== 'sign-in-needed') throw error;
        rememberSignIn(false);
        return null;
      }
    },
    refetchInterval: 60_000,
  });

export const useTraces = (search: string, onlyFailed: boolean) =>
  useQuery({
    queryKey: ['traces', search, onlyFailed],
    queryFn: get<{ traces: TraceSummary[] }>(
      `/api/v1/traces?${new URLSearchParams({
        limit: '100',
        ...(search ? { search } : {}),
        ...(onlyFailed ? { failed: 'true' } : {}),
      }).toString()}`,
    ),
    select: ({ traces }) => traces,
    placeholderData: (previous) => previous,
    refetchInterval: 5_000,
  });

/** A trace grows while its work goes on: asked again for its first half minute. */
export const useTrace = (traceId: string) =>
  useQuery({
    queryKey: ['trace', traceId],
    queryFn: get<TraceView>(`/api/v1/traces/${encodeURIComponent(traceId)}`),
    refetchInterval: ({ state }) =>
      state.data && Date.now() - Date.parse(state.data.startedAt) < 30_000 ? 2_000 : false,
  });

export const useServices = () =>
  useQuery({
    queryKey: ['progress'],
    queryFn: get<{ services: Record<string, Progress>; missing: string[] }>('/api/v1/progress'),
    refetchInterval: 3_000,
  });

export const useDeadLetters = () =>
  useQuery({
    queryKey: ['dead-letters'],
    queryFn: get<{ events: HeldEvent[]; missing: string[] }>('/api/v1/dead-letters'),
    refetchInterval: 5_000,
  });

export const useHeldEvent = ({ service, eventId }: HeldEvent, enabled: boolean) =>
  useQuery({
    queryKey: ['dead-letter', service, eventId],
    queryFn: get<HeldDetail>(`/api/v1/dead-letters/${encodeURIComponent(service)}/${encodeURIComponent(eventId)}`),
    enabled,
  });

export interface LedgerLine {
  readonly producer: string;
  readonly consumer: string;
  readonly committed: number;
  readonly applied: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly phantom: number;
  readonly outOfOrder: number;
  readonly underWay: number;
}
export type Ledger = Pick<LedgerLine, 'lost' | 'duplicated' | 'phantom' | 'outOfOrder'> & {
  readonly lines: readonly LedgerLine[];
};

export const useLedger = () =>
  useQuery({ queryKey: ['ledger'], queryFn: get<Ledger>('/api/v1/ledger'), staleTime: 10_000 });
