import { useImpact } from './queries.js';
import style from './rules.module.css';
import panel from '../staff/staff.module.css';
import { ProblemNote } from '../parts/problem-note.js';
import { count, plural } from '../parts/quantities.js';
import { VerdictMoves, type Move } from '../parts/verdict-moves.js';
import type { DraftRule, RulesPreview } from '#libs/contracts/src/rules.js';

type TestedApp = RulesPreview['apps'][number];

const isMoved = ({ before, after }: TestedApp): boolean => before.verdict !== after.verdict;
const isOther = ({ before, after }: TestedApp): boolean => before.rowsDifferent !== after.rowsDifferent;

/** Who would move on the board: the newest answers of each app, judged again under the draft. Nothing is published by it. */
export function Impact({ draft, isChanged }: { draft: readonly DraftRule[]; isChanged: boolean }) {
  const query = useImpact(draft, isChanged);
  const pages = query.data?.pages ?? [];
  const apps = pages.flatMap((page) => page.apps);
  const moved = [...apps.filter(isMoved), ...apps.filter((app) => !isMoved(app) && isOther(app))];
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
          {query.isPending ? 'Judging again what was read last …' : sumOf(apps, query.hasNextPage)}
        </p>
      )}
      {isChanged && <VerdictMoves moves={moved.map(moveOf)} />}
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

const moveOf = ({ comparisonId, appName, before, after }: TestedApp): Move => ({
  ...{ comparisonId, appName, before: before.verdict, after: after.verdict },
  more: `${count(before.rowsDifferent)} → ${plural(after.rowsDifferent, 'difference')}`,
});

function sumOf(apps: readonly TestedApp[], isMore: boolean): string {
  const moved = apps.filter(isMoved).length;
  const hits = (side: 'before' | 'after') => apps.reduce((sum, app) => sum + app[side].hits, 0);
  const who = moved === 0 ? 'Nobody would move on the board' : `${plural(moved, 'app')} would get another verdict`;
  const soFar = isMore ? ' so far; the others are being judged' : '';
  return `${who}: ${plural(apps.length, 'app')} tested${soFar}. Hidden by rules: ${count(hits('before'))} → ${plural(hits('after'), 'hit')}.`;
}
