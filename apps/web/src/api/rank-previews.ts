import { useQuery } from '@tanstack/react-query';
import { call } from './call.js';
import type { PreviewedVerdict, RanksPreview } from '#libs/contracts/src/board-preview.js';

/** What follows from a preview is asked of another service: it may be known, not yet, or not now. */
const asked = { refetchInterval: 10_000, refetchOnWindowFocus: false };

/** Whose rank would change by the batch that is held back, once all of it is compared; again and again, as the board goes on. */
export const useRanksAfterBatch = (batchId: string, isWanted: boolean) =>
  useQuery({
    queryKey: ['ranks-after', batchId],
    queryFn: ({ signal }) => call<RanksPreview>(`/api/v1/batches/${encodeURIComponent(batchId)}/preview`, { signal }),
    enabled: isWanted,
    ...asked,
  });

/** The same by verdicts of a preview, all of its pages together. */
export const useRanksAfter = (verdicts: readonly PreviewedVerdict[], isWanted: boolean) =>
  useQuery({
    queryKey: ['ranks-after', verdicts],
    queryFn: ({ signal }) =>
      call<RanksPreview>('/api/v1/board/preview', { method: 'POST', body: { verdicts }, signal }),
    enabled: isWanted,
    ...asked,
  });
