import { Button } from '@mantine/core';
import style from './fill-panel.module.css';
import { ProgressBar } from './progress-bar.js';
import { Said } from './said.js';
import panel from './staff.module.css';
import { useOrder } from './use-order.js';
import { useLatestFill, type Fill } from '../api/queries.js';
import { OldAnswer } from '../parts/old-answer.js';
import { ProblemNote } from '../parts/problem-note.js';
import { plural } from '../parts/quantities.js';
import { Age } from '../parts/time.js';
import type { BoardFill } from '#libs/contracts/src/leaderboard.js';

interface Requested {
  fillId: string;
  number: number;
  targets: number;
}
const finished = ['filled', 'partly', 'given-up'];

/** Fill now, and how far the newest fill is, target by target. */
export function FillPanel({ fill: { open } }: { fill: BoardFill }) {
  const order = useOrder<Requested>(({ number, targets }) => `Fill ${number} begins: ${plural(targets, 'app')}.`);
  const query = useLatestFill(open?.fillId ?? null);
  const { data: fill, error, refetch } = query;
  const fillNow = async () => {
    if (await order.send('/api/v1/fills', { method: 'POST' })) void refetch();
  };
  return (
    <section className={panel.panel} aria-labelledby="fill-title">
      <div className={panel.titled}>
        <h2 id="fill-title">Fill</h2>
        <Button variant="default" size="xs" loading={order.isSending} onClick={() => void fillNow()}>
          Fill now
        </Button>
      </div>
      <Said {...order} />
      <OldAnswer query={query} />
      {error && fill === undefined && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {fill && <FillProgress fill={fill} />}
      {fill === null && <p className={style.none}>No fill yet. The first comes when an app joins.</p>}
    </section>
  );
}

function FillProgress({ fill }: { fill: Fill }) {
  const done = fill.parts.filter(({ state }) => finished.includes(state)).length;
  return (
    <>
      <p className={style.line}>
        <strong className="figures">
          Fill {fill.number}: {fill.closedAt ? 'closed' : `filling ${done}/${fill.parts.length} apps`}
        </strong>
        <Age at={fill.closedAt ?? fill.requestedAt} />
      </p>
      <ProgressBar of={fill.fillId} label="Apps filled" done={done} total={fill.parts.length} />
      <ul className={style.parts}>
        {fill.parts.map((part) => (
          <li key={part.targetId} data-state={part.state}>
            <span className={style.glyph} aria-hidden="true">
              {glyphs[part.state]}
            </span>
            <span className={style.name}>
              {part.targetName}
              {part.role !== 'app' && part.targetName.toLowerCase() !== part.role && ` (${part.role})`}
            </span>
            <span className={style.state}>{partWords(part)}</span>
            {part.note && <span className={style.note}>{part.note}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}

const glyphs: Record<Fill['parts'][number]['state'], string> = {
  due: '·',
  filling: '›',
  filled: '✓',
  partly: '!',
  'given-up': '×',
};

function partWords({ state, acknowledged, refused, unknown, driver }: Fill['parts'][number]): string {
  if (state === 'due') return 'waits';
  const counts = [
    `${acknowledged} acknowledged`,
    ...(refused > 0 ? [`${refused} refused`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
  ].join(', ');
  const word = { filling: 'filling', filled: '', partly: 'in part', 'given-up': 'given up' }[state];
  return [word, counts, driver].filter(Boolean).join(' · ');
}
