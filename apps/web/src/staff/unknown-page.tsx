import { useState } from 'react';
import { Button } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { BatchProgress } from './batch-progress.js';
import { Said } from './said.js';
import { StaffDoor } from './staff-door.js';
import panel from './staff.module.css';
import { UnknownList } from './unknown-list.js';
import style from './unknown.module.css';
import { useOrder } from './use-order.js';
import { useUnknown, type UnknownView } from '../api/queries.js';
import { Choices } from '../parts/choices.js';
import { Crumbs } from '../parts/crumbs.js';
import { OldAnswer } from '../parts/old-answer.js';
import layout from '../parts/page.module.css';
import { ProblemNote } from '../parts/problem-note.js';
import { count, plural } from '../parts/quantities.js';
import { Waiting } from '../parts/states.js';
import { usePageTitle } from '../shell/page-title.js';

/** Comparisons that nobody could judge: whose side failed, why, and one press to compare again. */
export function UnknownPage() {
  usePageTitle('Unknown verdicts');
  return <StaffDoor title="Unknown verdicts">{() => <Unknown />}</StaffDoor>;
}

const views: readonly UnknownView[] = ['newest', 'all'];
const viewWords = { newest: 'Unknown now', all: 'All of the last 7 days' };

function Unknown() {
  const [params, setParams] = useSearchParams();
  const view: UnknownView = params.get('show') === 'all' ? 'all' : 'newest';
  const query = useUnknown(view);
  const { error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const pages = query.data?.pages;
  const comparisons = pages?.flatMap((page) => page.comparisons) ?? [];
  const set = (name: string, value: string | null) =>
    setParams(
      (before) => {
        if (value === null) before.delete(name);
        else before.set(name, value);
        return before;
      },
      { preventScrollReset: true },
    );
  return (
    <div className={layout.page}>
      <header className={layout.head}>
        <Crumbs path={[{ label: 'Staff', to: '/staff' }, { label: 'Unknown verdicts' }]} />
        <h1>Unknown verdicts</h1>
        <p className={style.intro}>
          Our side or the baseline failed, so nobody was judged and nobody is blamed. Look into why, then compare again.
        </p>
      </header>
      <div className={style.tools}>
        <Choices
          label="Which unknown verdicts"
          names={views}
          words={(name) => viewWords[name]}
          chosen={view}
          onChoose={(name) => set('show', name === 'all' ? name : null)}
        />
        {pages && <span>{plural(pages[0]!.total, 'comparison')}</span>}
      </div>
      {error && !pages && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!pages && !error && <Waiting forWhat="the unknown verdicts" />}
      <OldAnswer query={query} />
      {pages && comparisons.length === 0 && (
        <p className={style.none}>
          {view === 'newest'
            ? 'None: the newest comparison of every app came to a verdict.'
            : 'None in the last 7 days.'}
        </p>
      )}
      {comparisons.length > 0 && <Again key={view} comparisons={comparisons} onStarted={(id) => set('batch', id)} />}
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          More of {count(pages![0]!.total)}
        </Button>
      )}
      {params.get('batch') && (
        <div className={panel.panel}>
          <BatchProgress batchId={params.get('batch')} />
        </div>
      )}
    </div>
  );
}

interface AgainProps {
  comparisons: React.ComponentProps<typeof UnknownList>['comparisons'];
  onStarted: (batchId: string) => void;
}

/** Apps are chosen, not comparisons: whoever has several is compared once. */
function Again({ comparisons, onStarted }: AgainProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const order = useOrder<{ batchId: string; comparisons: unknown[] }>(
    ({ comparisons: started }) => `${plural(started.length, 'comparison')} queued.`,
  );
  const all = [...new Set(comparisons.filter((one) => one.takesPart).map((one) => one.appId))];
  const picked = all.filter((appId) => chosen.has(appId));
  const compare = async (apps: string[]) => {
    const started = await order.send('/api/v1/comparisons', { method: 'POST', body: { apps } });
    if (started) onStarted(started.reply.batchId);
  };
  const choose = (appId: string, isOn: boolean) =>
    setChosen((before) => {
      const after = new Set(before);
      if (isOn) after.add(appId);
      else after.delete(appId);
      return after;
    });
  return (
    <>
      <UnknownList comparisons={comparisons} chosen={chosen} onChoose={choose} />
      <div className={style.actions}>
        <Button
          disabled={all.length === 0}
          loading={order.isSending}
          onClick={() => void compare(picked.length === 0 ? all : picked)}
        >
          Compare {picked.length === 0 ? plural(all.length, 'app') : plural(picked.length, 'chosen app')} again
        </Button>
        <Said {...order} />
      </div>
    </>
  );
}
