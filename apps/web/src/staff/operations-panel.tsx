import style from './operations.module.css';
import { DeadLetters } from './dead-letters.js';
import { LedgerPanel } from './ledger-panel.js';
import panel from './staff.module.css';
import { useServices } from '../api/queries.js';
import { ProblemNote } from '../parts/problem-note.js';
import { count, plural } from '../parts/quantities.js';
import type { Progress } from '#libs/contracts/src/operations.js';

/** Whether the services keep up, what could not be applied, and whether anything was lost between them. */
export function OperationsPanel() {
  return (
    <div className={style.page}>
      <Services />
      <DeadLetters />
      <LedgerPanel />
    </div>
  );
}

function Services() {
  const { data, error, refetch } = useServices();
  return (
    <section className={panel.panel} aria-labelledby="services-title">
      <h2 id="services-title">Services</h2>
      {error && !data && <ProblemNote error={error} onRetry={() => void refetch()} />}
      <ul className={style.services}>
        {Object.entries(data?.services ?? {}).map(([name, progress]) => (
          <li key={name} data-state={stateOf(progress)}>
            <strong>{name}</strong>
            <span className={style.state}>{stateWords[stateOf(progress)]}</span>
            <span className={style.detail}>{detail(progress)}</span>
          </li>
        ))}
        {data?.missing.map((name) => (
          <li key={name} data-state="down">
            <strong>{name}</strong>
            <span className={style.state}>? does not answer</span>
            <span className={style.detail}>What it owes is kept, and done when it is back.</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

type State = 'still' | 'busy' | 'stuck';
const stateWords: Record<State, string> = { still: '✓ nothing left to do', busy: '› at work', stuck: '! needs a look' };

function stateOf({ held, work, unnumbered, head, published }: Progress): State {
  if (held.dead > 0) return 'stuck';
  return held.retrying + held.waiting + work.due + work.leased + unnumbered + (head - published) > 0 ? 'busy' : 'still';
}

function detail({ head, published, unnumbered, cursors, held, work }: Progress): string {
  const parts = [
    `${plural(head, 'event')} said`,
    ...(head > published ? [`${count(head - published)} not yet sent`] : []),
    ...(unnumbered > 0 ? [`${count(unnumbered)} not yet numbered`] : []),
    ...Object.entries(cursors).map(([log, cursor]) => `${log} read to ${count(cursor)}`),
    ...(work.due + work.leased > 0
      ? [`${count(work.leased)} in hand, ${count(work.due)} due, the oldest for ${work.oldestDueSeconds.toFixed(1)} s`]
      : []),
    ...(held.retrying > 0 ? [`${count(held.retrying)} tried again`] : []),
    ...(held.waiting > 0 ? [`${count(held.waiting)} waiting behind them`] : []),
    ...(held.dead > 0 ? [plural(held.dead, 'dead letter')] : []),
  ];
  return parts.join(' · ');
}
