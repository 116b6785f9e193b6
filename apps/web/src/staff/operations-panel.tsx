import style from './operations.module.css';
import { DeadLetters } from './dead-letters.js';
import { LedgerPanel } from './ledger-panel.js';
import { detailOf, stateOf, type State } from './service-state.js';
import panel from './staff.module.css';
import { useServices } from '../api/queries.js';
import { OldAnswer } from '../parts/old-answer.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Waiting } from '../parts/states.js';

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

const stateWords: Record<State, string> = { still: '✓ nothing left to do', busy: '› at work', stuck: '! needs a look' };

function Services() {
  const query = useServices();
  const { data, error, refetch } = query;
  return (
    <section className={panel.panel} aria-labelledby="services-title">
      <h2 id="services-title">Services</h2>
      {error && !data && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Waiting forWhat="the services" />}
      <OldAnswer query={query} />
      <ul className={style.services}>
        {Object.entries(data?.services ?? {}).map(([name, progress]) => {
          const state = stateOf(progress, data!.services);
          return (
            <li key={name} data-state={state}>
              <strong>{name}</strong>
              <span className={style.state}>{stateWords[state]}</span>
              <span className={style.detail}>{detailOf(progress, data!.services)}</span>
            </li>
          );
        })}
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
