import { QueryCache, QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { askAgainMs, isPassing } from './ask-again.js';
import { ApiProblem, call } from './call.js';
import { clock } from './clock.js';
import { mayBeSignedIn, rememberSignIn } from './sign-in-memory.js';
import type { ComparisonDetail, ComparisonSummary, GetBatch, ListSuspects } from '#libs/contracts/src/comparator.js';
import type { ReplyOf } from '#libs/contracts/src/contract.js';
import type { GetFill } from '#libs/contracts/src/filler.js';
import type {
  BoardView,
  HeldPage,
  OwnLimits,
  SignedIn,
  Timers,
  TraceSummary,
  TraceView,
} from '#libs/contracts/src/gateway.js';
import type { LabsView } from '#libs/contracts/src/labs.js';
import type { ListFreezes } from '#libs/contracts/src/leaderboard.js';
import type { ListHeldBack } from '#libs/contracts/src/held-back.js';
import type { HeldEvent, Progress, ShowHeld } from '#libs/contracts/src/operations.js';
import type { ListUnknown } from '#libs/contracts/src/unknown.js';
import type { ListedApp } from '#libs/contracts/src/submission.js';
import type { ProbeWindow, WindowHead } from '#libs/contracts/src/windows.js';

export type Batch = ReplyOf<typeof GetBatch>;
export type Fill = NonNullable<ReplyOf<typeof GetFill>['fill']>;
export type HeldDetail = ReplyOf<typeof ShowHeld>;

const attemptsMax = 3;

/** A session that has ended is noticed by whatever is asked next: the page then asks to sign in again. */
const queryCache = new QueryCache({
  onError: (error) => {
    if (error instanceof ApiProblem && error.kind === 'sign-in-needed') queryClient.setQueryData(['session'], null);
  },
});

export const queryClient: QueryClient = new QueryClient({
  queryCache,
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < attemptsMax - 1 && isPassing(error),
      retryDelay: (attempt) => 500 * 2 ** attempt,
      staleTime: 1_000,
      refetchOnWindowFocus: true,
      // A computer that calls itself offline may still reach a lab on its own network: asking is the only way to know.
      networkMode: 'always',
    },
  },
});

const get =
  <T>(path: string) =>
  ({ signal }: { signal: AbortSignal }): Promise<T> =>
    call<T>(path, { signal });

/** The board of a time that has passed: it changes no more. The one before stays in view until the next is there. */
export const useBoardAt = (at: string | null) =>
  useQuery({
    queryKey: ['board-at', at],
    queryFn: (asked) => get<BoardView>(`/api/v1/board?at=${encodeURIComponent(at ?? '')}`)(asked),
    enabled: at !== null,
    staleTime: Infinity,
    placeholderData: (before) => (at === null ? undefined : before),
  });

/** What staff did with the freeze, asked again whenever it is another. */
export const useFreezes = (frozenAt: string | null) =>
  useQuery({
    queryKey: ['freezes', frozenAt],
    queryFn: get<ReplyOf<typeof ListFreezes>>('/api/v1/board/freeze'),
    select: ({ freezes }) => freezes,
    placeholderData: (before) => before,
  });

/** Who takes part; asked for again as long as the answer is not what somebody waits for. */
export const useApps = (isAwaited: (apps: readonly ListedApp[] | undefined) => boolean = () => false) =>
  useQuery({
    queryKey: ['apps'],
    queryFn: get<{ apps: ListedApp[] }>('/api/v1/apps'),
    select: ({ apps }) => apps,
    refetchInterval: ({ state }) => (isAwaited(state.data?.apps) ? 3_000 : false),
  });

/** For staff: who is behind pseudonyms. Forgotten when they sign out. */
export const useAppsWithNames = (isStaff: boolean) =>
  useQuery({
    queryKey: ['apps', 'with names'],
    queryFn: get<{ apps: ListedApp[] }>('/api/v1/apps'),
    select: ({ apps }) => apps,
    enabled: isStaff,
  });

/** What may still come from this address; asked again when it is over. */
export const useOwnLimits = () =>
  useQuery({
    queryKey: ['limits'],
    queryFn: get<OwnLimits>('/api/v1/limits'),
    refetchInterval: ({ state }) => {
      const resetsAt = state.data?.newApps?.resetsAt;
      return resetsAt ? Math.max(1_000, Date.parse(resetsAt) - clock.now()) : false;
    },
  });

/** The labs of this installation; they change with its next start only. */
export const useLabs = () =>
  useQuery({ queryKey: ['labs'], queryFn: get<LabsView>('/api/v1/labs'), staleTime: Infinity });

/** Asks again every second while the verdict is not out yet. */
export const useComparison = (comparisonId: string) =>
  useQuery({
    queryKey: ['comparison', comparisonId],
    queryFn: get<{ comparison: ComparisonDetail }>(`/api/v1/comparisons/${encodeURIComponent(comparisonId)}`),
    select: ({ comparison }) => comparison,
    // What was judged stays so; what staff say of it may change.
    staleTime: ({ state }) => (isJudged(state.data) ? 10_000 : 0),
    refetchInterval: ({ state }) => askAgainMs(isJudged(state.data), state.error, 1_000),
  });
const isJudged = (data: { comparison: ComparisonDetail } | undefined): boolean => data?.comparison.state === 'done';

/** For staff: apps that may show data that is not their own. */
export const useSuspects = () =>
  useQuery({
    queryKey: ['suspects'],
    queryFn: get<ReplyOf<typeof ListSuspects>>('/api/v1/suspects'),
    select: ({ suspects }) => suspects,
    refetchInterval: 15_000,
  });

/** For staff: batches that are or were held back. */
export const useHeldBack = () =>
  useQuery({
    queryKey: ['held-back'],
    queryFn: get<ReplyOf<typeof ListHeldBack>>('/api/v1/held-back'),
    select: ({ batches }) => batches,
    refetchInterval: ({ state }) => (state.data?.batches.some((one) => one.state === 'open') ? 1_000 : 15_000),
  });

export type UnknownView = 'newest' | 'all';
/** For staff: comparisons that ended unknown, page by page; all that is shown is asked for again. */
export const useUnknown = (only: UnknownView) =>
  useInfiniteQuery({
    queryKey: ['unknown', only],
    queryFn: ({ pageParam, signal }) =>
      call<ReplyOf<typeof ListUnknown>>(`/api/v1/unknown?only=${only}&skip=${pageParam}`, { signal }),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
    refetchInterval: 5_000,
  });

export const useComparisonsOf = (appId: string, newest: string | null) =>
  useQuery({
    queryKey: ['comparisons', appId, newest],
    queryFn: get<{ comparisons: ComparisonSummary[] }>(
      `/api/v1/comparisons?appId=${encodeURIComponent(appId)}&limit=20`,
    ),
    select: ({ comparisons }) => comparisons,
    placeholderData: (before, query) => (query?.queryKey[1] === appId ? before : undefined),
    refetchInterval: ({ state }) => (state.error ? 3_000 : false),
  });

/** Asked for again while one is not closed; at leisure otherwise, since others may declare one. */
export const useWindowsOf = (appId: string) =>
  useQuery({
    queryKey: ['windows', appId],
    queryFn: get<{ windows: WindowHead[] }>(`/api/v1/apps/${encodeURIComponent(appId)}/windows`),
    select: ({ windows }) => windows,
    refetchInterval: ({ state }) => (state.data?.windows.every((one) => one.state === 'closed') ? 10_000 : 2_000),
  });

/** Asks again every second while the window is not judged. */
export const useWindow = (windowId: string) =>
  useQuery({
    queryKey: ['window', windowId],
    queryFn: get<ProbeWindow>(`/api/v1/windows/${encodeURIComponent(windowId)}`),
    staleTime: ({ state }) => (state.data?.state === 'closed' ? Infinity : 0),
    refetchInterval: ({ state }) => askAgainMs(state.data?.state === 'closed', state.error, 1_000),
  });

/** A batch page by page; its first page has what wants attention. Asked again twice a second until all of it is done. */
export const useBatch = (batchId: string | null) =>
  useInfiniteQuery({
    queryKey: ['batch', batchId],
    queryFn: ({ pageParam, signal }) =>
      call<Batch>(`/api/v1/batches/${encodeURIComponent(batchId ?? '')}?skip=${pageParam}`, { signal }),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
    enabled: batchId !== null,
    staleTime: ({ state }) => (isCompared(state.data?.pages[0]) ? Infinity : 0),
    refetchInterval: ({ state }) => askAgainMs(isCompared(state.data?.pages[0]), state.error, 500),
  });
const isCompared = (batch: Batch | undefined): boolean => batch !== undefined && batch.done >= batch.total;

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

/** Spans are stored a moment after they end, so a trace that somebody was just sent to may not be there yet. */
const traceAttemptsMax = 6;
const isNotFound = (error: unknown): boolean => error instanceof ApiProblem && error.kind === 'not-found';

/** A trace grows while its work goes on: asked again for its first half minute. */
export const useTrace = (traceId: string, comparisonId: string | null) =>
  useQuery({
    queryKey: ['trace', traceId, comparisonId],
    queryFn: get<TraceView>(
      `/api/v1/traces/${encodeURIComponent(traceId)}${comparisonId ? `?comparison=${encodeURIComponent(comparisonId)}` : ''}`,
    ),
    retry: (failures, error) =>
      failures < (isNotFound(error) ? traceAttemptsMax : attemptsMax) - 1 && (isNotFound(error) || isPassing(error)),
    retryDelay: (attempt, error) => (isNotFound(error) ? 1_500 : 500 * 2 ** attempt),
    refetchInterval: ({ state }) =>
      state.data && clock.now() - Date.parse(state.data.startedAt) < 30_000 ? (state.error ? 3_000 : 2_000) : false,
  });

export const useServices = () =>
  useQuery({
    queryKey: ['progress'],
    queryFn: get<{ services: Record<string, Progress>; missing: string[] }>('/api/v1/progress'),
    refetchInterval: 3_000,
  });

/** What is held back, page by page; all that is shown is asked for again. */
export const useDeadLetters = () =>
  useInfiniteQuery({
    queryKey: ['dead-letters'],
    queryFn: ({ pageParam, signal }) =>
      call<HeldPage>(`/api/v1/dead-letters${pageParam ? `?after=${encodeURIComponent(pageParam)}` : ''}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
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
