import { useEffect } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { call } from '../api/call.js';
import type { WritePage } from '../api/queries.js';

const perPage = 100;
/** A write is looked for among so many pages; older ones are loaded by hand. */
const soughtPagesMax = 20;

/** The writes to one app, page by page, the newest first. With a marker it goes on loading until that write is there. */
export function useSendLog(appId: string, sought: string | null) {
  const log = useInfiniteQuery({
    queryKey: ['writes', appId],
    queryFn: ({ pageParam, signal }) =>
      call<WritePage>(
        `/api/v1/apps/${encodeURIComponent(appId)}/writes?limit=${perPage}${pageParam ? `&before=${pageParam}` : ''}`,
        { signal },
      ),
    initialPageParam: null as number | null,
    getNextPageParam: ({ nextBefore }) => nextBefore,
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
  return { log, writes, totals: pages.at(-1)?.totals, isFound, isSeeking: isSeeking && !error };
}
