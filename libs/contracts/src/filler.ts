import { z } from 'zod';
import { event, query } from './contract.js';
import { count, fillDriver, id, instant, targetRole } from './shapes.js';

/** The filler is the only writer to foreign apps; it owns the send log. */

export const writeKind = z.enum(['entry', 'mood', 'value']);
export type WriteKind = z.infer<typeof writeKind>;

/**
 * How a write ended.
 *   acknowledged  the app said in the contract's words that it has it, or showed the row by its marker
 *   refused       the app said that it has it not, or could not be reached: nothing was taken
 *   unknown       sent, and nothing proves what became of it (also 5xx); never sent again; obliges nobody
 *   skipped       never sent: because of us, because the part was given up, or because its app has it already by another name; obliges
 *                 nobody
 */
export const writeOutcome = z.enum(['acknowledged', 'refused', 'unknown', 'skipped']);
export type WriteOutcome = z.infer<typeof writeOutcome>;

/** Rows that are difficult to store or to copy, and within the contract all the same; what each holds: `edge-rows.ts` of the filler. */
export const edgeKind = z.enum([
  ...(['emoji', 'quotes', 'html', 'sql', 'json', 'composed', 'decomposed', 'combining', 'right-to-left'] as const),
  ...(['leap-day', 'leading-zeros', 'longest-entry', 'longest-note', 'empty-note', 'negative', 'lowest'] as const),
]);
export type EdgeKind = z.infer<typeof edgeKind>;
/** For people; never sent. */
const edge = edgeKind.optional();

/** What is sent, equal for every target of a fill. `value` is its own marker: an int4 that no other fill uses; from 2^30 on they are canaries. */
export const writePayload = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('entry'), text: z.string().max(200), edge }),
  z.object({ kind: z.literal('mood'), mood: z.string().max(20), note: z.string().max(240), edge }),
  z.object({
    kind: z.literal('value'),
    value: z
      .int()
      .min(-(2 ** 31))
      .max(2 ** 31 - 1),
    edge,
  }),
]);
export type WritePayload = z.infer<typeof writePayload>;

export const fillWrite = z.object({
  writeId: id,
  index: count,
  marker: z.string().min(1).max(16),
  payload: writePayload,
  outcome: writeOutcome,
  /** HTTP status of the answer, when there was one. */
  status: z.int().nullable(),
  reason: z.string().max(300).nullable(),
  sentAt: instant.nullable(),
  answeredAt: instant.nullable(),
  /** True for a canary: a row that only the baseline is sent. It obliges nobody, and no app can show it by its own strength. */
  canary: z.boolean().optional(),
});
export type FillWrite = z.infer<typeof fillWrite>;

/** One target's part of a fill has ended: every write of it has its outcome. */
export const TargetFilled = event(
  'TargetFilled',
  z.object({
    fillId: id,
    number: z.int().positive(),
    targetId: id,
    role: targetRole,
    targetName: z.string(),
    driver: fillDriver,
    outcome: z.enum(['filled', 'partly', 'given-up']),
    /** One sentence when it is not `filled`: what happened and whose side it is. */
    note: z.string().max(300).nullable(),
    endedAt: instant,
    writes: z.array(fillWrite).max(80),
  }),
  (data) => data.targetId,
);

/** Every target's part has ended: comparisons may now judge what this fill wrote. */
export const FillClosed = event(
  'FillClosed',
  z.object({ fillId: id, number: z.int().positive(), closedAt: instant, filled: count, partly: count, givenUp: count }),
  () => 'fills',
);

export const fillPart = z.object({
  targetId: id,
  targetName: z.string(),
  role: targetRole,
  state: z.enum(['due', 'filling', 'filled', 'partly', 'given-up']),
  driver: fillDriver.nullable(),
  acknowledged: count,
  refused: count,
  unknown: count,
  note: z.string().nullable(),
});
export const GetFill = query(
  'GetFill',
  z.object({ fillId: id.optional() }),
  z.object({
    fill: z
      .object({
        fillId: id,
        number: z.int(),
        requestedAt: instant,
        closedAt: instant.nullable(),
        parts: z.array(fillPart),
      })
      .nullable(),
  }),
);
export type FillPartView = z.infer<typeof fillPart>;

/** The send log of one app, newest first. Canaries are in no total, and in the list only for staff. */
export const ListWrites = query(
  'ListWrites',
  z.object({
    targetId: id,
    before: z.int().positive().optional(),
    limit: z.int().min(1).max(200).default(60),
    canaries: z.boolean().default(false),
  }),
  z.object({
    totals: z.object({ acknowledged: count, refused: count, unknown: count, skipped: count }),
    writes: z.array(
      fillWrite.extend({ number: z.int().positive(), driver: fillDriver, traceId: z.string().nullable() }),
    ),
    nextBefore: z.int().positive().nullable(),
  }),
);
