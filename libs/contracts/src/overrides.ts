import { z } from 'zod';
import { command, event } from './contract.js';
import { actor, id, instant, verdict } from './shapes.js';

/**
 * Staff may overrule what a comparison said, with a reason. It holds for that comparison only, as long as no newer one has ended, and
 * can be taken back until then. What the comparison itself said is never lost: it stands beside what staff say.
 */

/** Pending says that nothing has been judged: nobody can give that as a verdict. */
export const givenVerdict = verdict.exclude(['pending']);
export type GivenVerdict = z.infer<typeof givenVerdict>;

export const overrideReasonCharsMax = 300;
export const overrideReason = z.string().trim().min(1).max(overrideReasonCharsMax);

const machineVerdict = z.object({ verdict: givenVerdict, sentence: z.string() });

/** A verdict that staff gave. `machine`: what the comparison said by itself. */
export const override = z.object({
  verdict: givenVerdict,
  reason: z.string(),
  by: z.string(),
  at: instant,
  machine: machineVerdict,
});
export type Override = z.infer<typeof override>;

/** What staff did with the verdict of one comparison. */
export const overrideEntry = override.pick({ reason: true, by: true, at: true }).extend({
  /** Null: taken back. */
  verdict: givenVerdict.nullable(),
});
export type OverrideEntry = z.infer<typeof overrideEntry>;

/** Said of a comparison whose verdict was said before, over the same log. */
export const VerdictOverridden = event(
  'VerdictOverridden',
  z.object({
    comparisonId: id,
    appId: id,
    /** Null: taken back; the comparison speaks for itself again. */
    verdict: givenVerdict.nullable(),
    /** The whole matter in one sentence, as it stands now. */
    sentence: z.string().max(500),
    reason: overrideReason,
    by: actor,
    at: instant,
    machine: machineVerdict,
    /** The compared endpoints: what staff say holds for all of them. */
    paths: z.array(z.string()).max(20),
  }),
  (data) => data.appId,
);

/** Refused unless it is the newest comparison of an app that takes part. The reply is the comparison as it stands now. */
export const OverrideVerdict = command(
  'OverrideVerdict',
  z.object({ comparisonId: id, by: actor, verdict: givenVerdict.nullable(), reason: overrideReason }),
  z.object({ comparisonId: id, verdict: givenVerdict, sentence: z.string(), override: override.optional() }),
);
