import { useEffect } from 'react';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { call } from '../api/call.js';
import type { DraftRule, RulesPreview, RulesView } from '#libs/contracts/src/rules.js';

/** One version of the rules; the newest when none is named. */
export const useRules = (version: number | null) =>
  useQuery({
    queryKey: ['rules', version],
    queryFn: ({ signal }) => call<RulesView>(`/api/v1/rules${version === null ? '' : `/${version}`}`, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });

/** What a draft would mean for each app that is kept, page by page until all of them are judged again. */
export function useImpact(draft: readonly DraftRule[], isWanted: boolean) {
  const query = useInfiniteQuery({
    queryKey: ['rules-impact', draft],
    queryFn: ({ pageParam, signal }) =>
      call<RulesPreview>('/api/v1/rules/preview', {
        method: 'POST',
        body: { rules: draft, ...(pageParam === null ? {} : { after: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    enabled: isWanted,
    staleTime: 30_000,
    refetchOnWindowFocus: false,
  });
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  return query;
}
