import { Button } from '@mantine/core';
import style from './operations.module.css';
import panel from './staff.module.css';
import { useLedger, type Ledger } from '../api/queries.js';
import { ProblemNote } from '../parts/problem-note.js';
import { count } from '../parts/quantities.js';
import { Waiting } from '../parts/states.js';
import { SinceHere } from '../parts/time.js';

const faults = [
  { name: 'lost', meaning: 'committed, and neither applied nor held back' },
  { name: 'duplicated', meaning: 'applied more than once' },
  { name: 'phantom', meaning: 'applied without having been committed' },
  { name: 'outOfOrder', meaning: 'applied after a later one of its key' },
] as const;
const words = { lost: 'lost', duplicated: 'duplicated', phantom: 'phantom', outOfOrder: 'out of order' };

/** What every service committed against what every reader applied. */
export function LedgerPanel() {
  const { data, error, isFetching, dataUpdatedAt, refetch } = useLedger();
  return (
    <section className={panel.panel} aria-labelledby="ledger-title">
      <div className={panel.titled}>
        <h2 id="ledger-title">Ledger</h2>
        {data && (
          <p className={style.counted}>
            counted <SinceHere at={dataUpdatedAt} /> ago
          </p>
        )}
        <Button variant="default" size="xs" loading={isFetching} onClick={() => void refetch()}>
          Count again
        </Button>
      </div>
      {error && <ProblemNote error={error} />}
      {!data && !error && <Waiting forWhat="every service to count its events" />}
      {data && <Faults ledger={data} />}
      {data && <Roads ledger={data} />}
    </section>
  );
}

function Faults({ ledger }: { ledger: Ledger }) {
  return (
    <dl className={style.faults}>
      {faults.map(({ name, meaning }) => (
        <div key={name} title={meaning} data-good={ledger[name] === 0 || undefined}>
          <dt>{words[name]}</dt>
          <dd className="mono">{count(ledger[name])}</dd>
        </div>
      ))}
    </dl>
  );
}

function Roads({ ledger }: { ledger: Ledger }) {
  return (
    <ul className={style.roads}>
      {ledger.lines.map((line) => (
        <li key={`${line.producer} ${line.consumer}`}>
          <span>
            {line.producer} → {line.consumer}
          </span>
          <span className="mono">
            {count(line.applied)} of {count(line.committed)}
          </span>
          <span className={style.detail}>
            {line.underWay > 0 ? `${count(line.underWay)} under way` : 'all applied'}
            {faults
              .filter(({ name }) => line[name] > 0)
              .map(({ name }) => `, ${count(line[name])} ${words[name]}`)
              .join('')}
          </span>
        </li>
      ))}
    </ul>
  );
}
