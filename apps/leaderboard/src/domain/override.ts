import { figuresOf, noFigures, withFigures, type Figures } from './figures.js';
import { judgedAs } from './judged.js';
import type { Standing } from './standing.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { Override, VerdictOverridden } from '#libs/contracts/src/overrides.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

/**
 * The comparison that a sheet shows was overruled by staff. Life: a verdict or a failure begins without one → staff give one, or
 * another → they take it back, or the next comparison begins anew. A second look that is under way leaves it.
 */
export interface Overridden {
  /** What everybody reads of it. */
  readonly shown: Override;
  readonly sentence: string;
  /** The endpoints that it holds for. */
  readonly paths: readonly string[];
  /** What the comparison itself came to. */
  readonly own: Figures;
}

/**
 * Staff overrule the comparison that is shown, or take that back; said of any other it changes nothing. Verdict, sentence and rank are
 * then theirs; endpoints and counts stay as they were measured, except where they say that nothing is known: then as they were before.
 */
export function withOverride(standing: Standing, data: DataOf<typeof VerdictOverridden>): Standing {
  if (standing.comparisonId !== data.comparisonId) return standing;
  const own = asCompared(standing);
  const { verdict, reason, by, at, machine, sentence, paths } = data;
  if (verdict === null) return own;
  return overruled(own, { shown: { verdict, reason, by, at, machine }, sentence, paths });
}

/** The same sheet as the comparison alone had left it. */
export function asCompared(standing: Standing): Standing {
  if (!standing.overridden) return standing;
  const { own, shown } = standing.overridden;
  const { verdict, sentence } = shown.machine;
  return { ...said(withFigures(standing, own), verdict, sentence), overridden: null };
}

/** `standing`: as compared. What its comparison came to may have changed since staff spoke: it is looked at afresh. */
export function overruled(standing: Standing, overridden: Omit<Overridden, 'own'>): Standing {
  const { shown, sentence, paths } = overridden;
  const { verdict } = shown;
  const own = figuresOf(standing);
  const before = standing.before ?? own;
  const comparedAt = standing.comparedAt!.toISOString();
  const figures: Figures =
    verdict === 'unknown'
      ? before
      : {
          // Where the comparison failed it measured nothing, and what is older is no part of what staff say.
          ...(shown.machine.verdict === 'unknown' ? noFigures : own),
          judged: judgedAs(verdict, own.judged, paths, comparedAt),
          inSyncSince: verdict === 'in-sync' ? (before.inSyncSince ?? comparedAt) : null,
        };
  return {
    ...said(withFigures(standing, figures), verdict, sentence),
    overridden: { shown, sentence, paths, own },
  };
}

/** In the history of verdicts, and as the last word, unless something was said since: that another look is coming. */
function said(standing: Standing, verdict: Verdict, sentence: string): Standing {
  const { saidAt, comparedAt, recentAt, recent } = standing;
  const isLastWord = saidAt !== null && comparedAt !== null && saidAt <= comparedAt;
  const place = recentAt.findLastIndex((time) => Date.parse(time) === comparedAt?.getTime());
  return {
    ...standing,
    ...(isLastWord ? { verdict, sentence } : {}),
    recent: place < 0 ? recent : recent.with(place, verdict),
  };
}
