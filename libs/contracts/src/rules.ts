import { z } from 'zod';
import { previewedVerdict } from './board-preview.js';
import { command, query, type ReplyOf } from './contract.js';
import { actor, count, id, instant, verdict } from './shapes.js';

/**
 * The named exceptions of the comparison, owned by the comparator. A set of rules has a version and is never changed: who wants
 * another publishes the next one. Every comparison is judged by one version and says which.
 */

export const ruleMode = z.enum(['exact', 'set', 'ordered', 'tolerance', 'ignore']);
export type RuleMode = z.infer<typeof ruleMode>;

/** Rules of one set; with the longest texts they still fit into one answer. */
export const rulesMax = 64;

/** What staff write. `path` is a JSON pointer into the body in which `*` stands for any name or index: `/rows/*` + `/id`. */
export const draftRule = z.object({
  endpoint: z.string().min(1).max(100),
  /** Unique at its endpoint: hits are counted under it. */
  name: z.string().trim().min(1).max(80),
  path: z.string().max(200),
  mode: ruleMode,
  /** Of `tolerance`: numbers may differ by this much. */
  epsilon: z.number().nonnegative().nullable().default(null),
  /** Of `tolerance`: times may differ by this much. */
  withinMs: z.number().nonnegative().nullable().default(null),
  /** Of `set`: a pointer inside an element that tells elements apart. */
  key: z.string().max(200).nullable().default(null),
  reason: z.string().trim().min(1).max(300),
  /** From then on it no longer applies. Null: for good. */
  expiresAt: instant.nullable().default(null),
});
export type DraftRule = z.output<typeof draftRule>;

/** `author` and `createdAt` tell who last changed this rule; publishing a set does not change those that stay as they were. */
export const namedRule = draftRule.extend({
  ...{ epsilon: z.number().nullable(), withinMs: z.number().nullable(), key: z.string().nullable() },
  ...{ expiresAt: instant.nullable(), author: z.string(), createdAt: instant },
});
export type NamedRule = z.output<typeof namedRule>;

/** A rule as it stands in a version, and what it hid in the last comparison of each app that was judged by this version. */
export const shownRule = namedRule.extend({ source: z.literal('typed'), isExpired: z.boolean(), hits: count });
export type ShownRule = z.output<typeof shownRule>;

/**
 * What two equal baselines differ in: nobody typed it, it is measured. `differed` of `compared` rows; `isInForce`: it was seen
 * lately, so it blames nobody.
 */
export const measuredRule = z.object({
  source: z.literal('measured'),
  endpoint: z.string(),
  path: z.string(),
  differed: count,
  compared: count,
  firstSeenAt: instant,
  lastSeenAt: instant,
  isInForce: z.boolean(),
});
export type MeasuredRule = z.output<typeof measuredRule>;

export const ruleSetHead = z.object({
  version: z.int().positive(),
  author: z.string(),
  reason: z.string(),
  publishedAt: instant,
  rules: count,
});
export type RuleSetHead = z.output<typeof ruleSetHead>;

/** One version, the newest when none is named; `versions` are the newest fifty. */
export const GetRules = query(
  'GetRules',
  z.object({ version: z.int().positive().optional() }),
  z.object({
    current: z.int().positive(),
    shown: ruleSetHead,
    rules: z.array(shownRule),
    measured: z.array(measuredRule),
    versions: z.array(ruleSetHead),
    /** What rules can be written for. */
    endpoints: z.array(z.object({ path: z.string(), label: z.string() })),
  }),
);
export type RulesView = ReplyOf<typeof GetRules>;

const rules = z.array(draftRule).max(rulesMax);

/** The next version, if none was published since the one it is based on; else a conflict that names the newer one. */
export const PublishRules = command(
  'PublishRules',
  z.object({ by: actor, basedOn: z.int().positive(), reason: z.string().trim().min(1).max(300), rules }),
  z.object({ version: z.int().positive() }),
);

const judged = z.object({ verdict, rowsDifferent: count, hits: count });

/**
 * What a draft would mean: of each app the newest look that is kept, judged again under the newest version (`before`) and under the
 * draft (`after`). One page of apps, as many as could be judged in two seconds and fit into one answer; `next`: ask for the rest with it
 * as `after`. `ruleHits` are those of this page, under the draft. Whose rank would change, once all pages are there: `PreviewBoard`.
 */
export const PreviewRules = query(
  'PreviewRules',
  z.object({ rules, after: id.optional() }),
  z.object({
    basedOn: z.int().positive(),
    apps: z.array(
      z.object({
        appId: id,
        appName: z.string(),
        comparisonId: id,
        comparedAt: instant,
        before: judged,
        after: judged,
        /** What the board would go by; absent when the draft changes nothing of that. */
        onBoard: previewedVerdict.omit({ computedAt: true }).optional(),
      }),
    ),
    ruleHits: z.array(z.object({ endpoint: z.string(), name: z.string(), hits: count })),
    /** Apps that take part and of which nothing is kept, or whose bodies could not be judged again. */
    untested: z.array(z.object({ appName: z.string(), why: z.string() })),
    next: id.nullable(),
  }),
);
export type RulesPreview = ReplyOf<typeof PreviewRules>;
