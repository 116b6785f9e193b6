import { useImpact } from './queries.js';
import style from './rules.module.css';
import panel from '../staff/staff.module.css';
import { useRanksAfter } from '../api/rank-previews.js';
import { withRanks, type Move } from '../parts/moves.js';
import { comparisonPath } from '../parts/paths.js';
import { ProblemNote } from '../parts/problem-note.js';
import { count, plural } from '../parts/quantities.js';
import { RankSum } from '../parts/rank-sum.js';
import { VerdictMoves } from '../parts/verdict-moves.js';
import type { RanksPreview } from '#libs/contracts/src/board-preview.js';
import type { DraftRule, RulesPreview } from '#libs/contracts/src/rules.js';

type TestedApp = RulesPreview['apps'][number];

const isMoved = ({ before, after }: TestedApp): boolean => before.verdict !== after.verdict;
const isOther = ({ before, after }: TestedApp): boolean => before.rowsDifferent !== after.rowsDifferent;

interface ImpactProps {
  draft: readonly DraftRule[];
  isChanged: boolean;
  /** False while somebody goes on writing: what is known is of an older draft. */
  isNewest: boolean;
}

/** Who would move on the board: the newest answers of each app, judged again under the draft. Nothing is published by it. */
export function Impact({ draft, isChanged, isNewest }: ImpactProps) {
  const query = useImpact(draft, isChanged && isNewest);
  const pages = (isNewest && query.data?.pages) || [];
  const apps = pages.flatMap((page) => page.apps);
  const moved = [...apps.filter(isMoved), ...apps.filter((app) => !isMoved(app) && isOther(app))];
  const isWhole = isChanged && isNewest && query.isSuccess && !query.hasNextPage;
  const news = apps.flatMap(({ onBoard }) => onBoard ?? []);
  const asked = useRanksAfter(news, isWhole && news.length > 0);
  const ranks = news.length === 0 ? nobodyMoves : asked.error ? undefined : asked.data;
  const untested = pages.flatMap((page) => page.untested);
  return (
    <section className={panel.panel} aria-labelledby="impact-title">
      <h2 id="impact-title">What it would mean</h2>
      {!isChanged && (
        <p className={style.none}>Change, add or remove a rule: it is tested at once on what each app answered last.</p>
      )}
      {query.error && <ProblemNote error={query.error} onRetry={() => void query.refetch()} />}
      {isChanged && !query.error && (
        <p role="status" className={style.sum}>
          {query.isPending || !isNewest ? 'Judging again what was read last …' : sumOf(apps, query.hasNextPage)}
        </p>
      )}
      {isWhole && <RankSum ranks={ranks} error={asked.error} onRetry={() => void asked.refetch()} />}
      {isChanged && <VerdictMoves moves={withRanks(moved.map(moveOf), (isWhole && ranks?.moves) || [])} />}
      {isChanged && untested.length > 0 && (
        <details className={style.untested}>
          <summary>{plural(untested.length, 'app')} could not be tested</summary>
          <ul>
            {untested.map(({ appName, why }) => (
              <li key={appName}>
                {appName}: {why}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** As nothing of what it goes by would change. */
const nobodyMoves: RanksPreview = { moves: [], unchanged: 0, frozen: null };

const moveOf = ({ appId, comparisonId, appName, before, after }: TestedApp): Move => ({
  ...{ appId, appName, to: comparisonPath(comparisonId), before: before.verdict, after: after.verdict },
  more: `${count(before.rowsDifferent)} → ${plural(after.rowsDifferent, 'difference')}`,
});

function sumOf(apps: readonly TestedApp[], isMore: boolean): string {
  const moved = apps.filter(isMoved).length;
  const hits = (side: 'before' | 'after') => apps.reduce((sum, app) => sum + app[side].hits, 0);
  const who = moved === 0 ? 'No app would get another verdict' : `${plural(moved, 'app')} would get another verdict`;
  const soFar = isMore ? ' so far; the others are being judged' : '';
  return `${who}: ${plural(apps.length, 'app')} tested${soFar}. Hidden by rules: ${count(hits('before'))} → ${plural(hits('after'), 'hit')}.`;
}
