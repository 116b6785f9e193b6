import { useState } from 'react';
import { Button, Checkbox, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { Link, useSearchParams } from 'react-router';
import { BatchProgress } from './batch-progress.js';
import style from './compare-panel.module.css';
import { Said } from './said.js';
import panel from './staff.module.css';
import { useOrder } from './use-order.js';
import { queryClient } from '../api/queries.js';
import { isShown } from '../board/filter.js';
import { Choices } from '../parts/choices.js';
import { plural } from '../parts/quantities.js';
import { Age } from '../parts/time.js';
import { VerdictTag } from '../parts/verdict.js';
import { verdicts, verdictWords } from '../parts/verdict-words.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

interface Started {
  batchId: string;
  comparisons: { comparisonId: string }[];
}

/** Choose one, some or all, and compare; the batch is in the address, so that it can be left and found again. */
export function ComparePanel({ rows }: { rows: readonly BoardRow[] }) {
  const [params, setParams] = useSearchParams();
  const [filter, setFilter] = useState<{ verdict: Verdict | null; search: string }>({ verdict: null, search: '' });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isHeld, setHeld] = useState(false);
  const order = useOrder<Started>(({ comparisons }) => `${plural(comparisons.length, 'comparison')} queued.`);
  const shown = rows.filter((row) => isShown(row, filter));
  const picked = rows.filter((row) => chosen.has(row.appId));

  const choose = (appIds: readonly string[], isOn: boolean) =>
    setChosen((before) => {
      const after = new Set(before);
      for (const appId of appIds) if (isOn) after.add(appId); else after.delete(appId); // prettier-ignore
      return after;
    });
  const compare = async (apps: 'all' | string[]) => {
    const started = await order.send('/api/v1/comparisons', { method: 'POST', body: { apps, hold: isHeld } });
    if (!started) return;
    if (isHeld) await queryClient.invalidateQueries({ queryKey: ['held-back'] });
    const { batchId } = started.reply;
    const withBatch = (before: URLSearchParams) => {
      before.set('batch', batchId);
      return before;
    };
    setParams(withBatch, { preventScrollReset: true });
  };

  return (
    <section className={panel.panel} aria-labelledby="compare-title">
      <h2 id="compare-title">Compare with the baseline</h2>
      <div className={style.tools}>
        <TextInput
          aria-label="Search by name, team or address"
          placeholder="Name, team or address"
          leftSection={<IconSearch size={15} />}
          value={filter.search}
          onChange={(event) => setFilter({ ...filter, search: event.currentTarget.value })}
        />
        <Choices
          label="Only apps with this verdict"
          names={verdicts}
          words={(verdict) => verdictWords[verdict].word}
          chosen={filter.verdict}
          onChoose={(verdict) => setFilter({ ...filter, verdict })}
        />
      </div>
      <Apps shown={shown} chosen={chosen} onChoose={choose} />
      <Checkbox
        label="Hold it back: only staff see what it finds, until they publish it"
        checked={isHeld}
        onChange={(event) => setHeld(event.currentTarget.checked)}
      />
      <div className={style.actions}>
        <Button
          disabled={picked.length === 0}
          loading={order.isSending}
          onClick={() => void compare(picked.map((row) => row.appId))}
        >
          Compare {picked.length === 0 ? 'the chosen' : plural(picked.length, 'app')}
        </Button>
        <Button
          variant="default"
          disabled={rows.length === 0}
          loading={order.isSending}
          onClick={() => void compare('all')}
        >
          Compare all {rows.length}
        </Button>
        <Said {...order} />
      </div>
      <BatchProgress batchId={params.get('batch')} />
    </section>
  );
}

interface AppsProps {
  shown: readonly BoardRow[];
  chosen: ReadonlySet<string>;
  onChoose: (appIds: readonly string[], isOn: boolean) => void;
}

function Apps({ shown, chosen, onChoose }: AppsProps) {
  const count = shown.filter(({ appId }) => chosen.has(appId)).length;
  if (shown.length === 0)
    return <p className={style.none}>No app to choose. The first submission appears here at once.</p>;
  return (
    <div className={style.list}>
      <div className={style.all}>
        <Checkbox
          label={`All ${shown.length} shown`}
          checked={count === shown.length}
          indeterminate={count > 0 && count < shown.length}
          onChange={(event) => onChoose(shown.map(({ appId }) => appId), event.currentTarget.checked)} // prettier-ignore
        />
      </div>
      <ul className={style.apps}>
        {shown.map((row) => (
          <li key={row.appId}>
            <Checkbox
              label={row.name}
              checked={chosen.has(row.appId)}
              onChange={(event) => onChoose([row.appId], event.currentTarget.checked)}
              classNames={{ label: style.name, root: style.box }}
            />
            <VerdictTag verdict={row.verdict} />
            <span className={style.age}>{row.comparedAt ? <Age at={row.comparedAt} /> : 'not yet'}</span>
            <Link to={`/apps/${row.appId}`} aria-label={`Open ${row.name}`}>
              open
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
