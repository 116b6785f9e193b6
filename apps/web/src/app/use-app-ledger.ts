import { useEffect } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { call } from '../api/call.js';
import type { AppLedger, LedgerFilter } from '#libs/contracts/src/gateway.js';

const perPage = 100;
/** A write is looked for among so many pages; older ones are loaded by hand. */
const soughtPagesMax = 20;

/** The writes to one app, page by page, the newest first. With a marker it goes on loading until that write is there. */
export function useAppLedger(appId: string, only: LedgerFilter | null, sought: string | null) {
  const log = useInfiniteQuery({
    queryKey: ['app-ledger', appId, only],
    queryFn: ({ pageParam, signal }) => {
      const page = { limit: String(perPage), ...(only ? { only } : {}), ...(pageParam ? { before: pageParam } : {}) };
      return call<AppLedger>(`/api/v1/apps/${encodeURIComponent(appId)}/ledger?${new URLSearchParams(page)}`, {
        signal,
      });
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: (before, query) => (query?.queryKey[1] === appId ? before : undefined),
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : 5_000),
  });
  const pages = log.data?.pages ?? [];
  const writes = pages.flatMap((page) => page.writes);
  const isFound = sought !== null && writes.some(({ marker }) => marker === sought);
  const isSeeking = sought !== null && !isFound && log.hasNextPage && pages.length < soughtPagesMax;
  const { fetchNextPage, isFetching, error } = log;
  useEffect(() => {
    if (isSeeking && !isFetching && !error) void fetchNextPage();
  }, [isSeeking, isFetching, error, fetchNextPage]);
  return { log, writes, newest: pages.at(-1), isFound, isSeeking: isSeeking && !error };
}
