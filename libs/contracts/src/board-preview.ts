import { z } from 'zod';
import { query, type ReplyOf } from './contract.js';
import { activeAppsMax, count, id, instant, verdict } from './shapes.js';

/** What would be said of an app: as much of a verdict as the board ranks by. */
export const previewedVerdict = z.object({
  appId: id,
  verdict,
  endpoints: z.array(z.object({ path: z.string().max(200), verdict, missing: count })).max(20),
  /** Absent of what no comparison has found yet: then it comes right after the newest judgement on the board. */
  computedAt: instant.optional(),
});
export type PreviewedVerdict = z.infer<typeof previewedVerdict>;

/** `from` is null of an app that has no rank yet. */
export const rankChange = z.object({ from: z.int().positive().nullable(), to: z.int().positive() });
export type RankChange = z.infer<typeof rankChange>;

/** An app that would stand elsewhere: by a verdict on itself, or only because others move. */
export const rankMove = z.object({ appId: id, appName: z.string(), rank: rankChange });
export type RankMove = z.infer<typeof rankMove>;

/**
 * The live board, were these verdicts on top of what it shows; nothing is changed. At most one an app: a lab has no more. One that is
 * older than what is shown, or of an app that does not take part, moves nobody, as if it were said.
 * `moves`: who would have another rank, best first. `unchanged`: how many would keep theirs. `frozen`: visitors see an older board.
 * `next`: ask for the rest with it as `skip`.
 */
export const PreviewBoard = query(
  'PreviewBoard',
  z.object({ verdicts: z.array(previewedVerdict).max(activeAppsMax), skip: count.default(0) }),
  z.object({
    moves: z.array(rankMove),
    unchanged: count,
    frozen: z.object({ at: instant }).nullable(),
    next: count.nullable(),
  }),
);

/** All pages of it as one: what the gateway answers. */
export const ranksPreview = PreviewBoard.reply.omit({ next: true });
export type RanksPreview = Omit<ReplyOf<typeof PreviewBoard>, 'next'>;
