import style from './suspicions.module.css';
import { RowText } from './difference-view.js';
import { plural } from '../parts/quantities.js';
import { Strength } from '../parts/strength.js';
import { Age } from '../parts/time.js';
import type { Suspicion } from '#libs/contracts/src/comparator.js';

/** Whose data an app shows, with the evidence. Only staff are sent any of it. */
export function Suspicions({ suspicions }: { suspicions: readonly Suspicion[] | undefined }) {
  if (!suspicions || suspicions.length === 0) return null;
  return (
    <section className={style.suspicions} aria-labelledby="suspicions-title">
      <header>
        <h2 id="suspicions-title">Is this its own data?</h2>
        <p>Only staff see this.</p>
      </header>
      {suspicions.map((suspicion, index) => (
        <One key={index} suspicion={suspicion} />
      ))}
    </section>
  );
}

function One({ suspicion: { strength, path, sentence, rows } }: { suspicion: Suspicion }) {
  return (
    <article className={style.one}>
      <p className={style.where}>
        <Strength of={strength} /> <span className="mono">{path}</span>
      </p>
      <p className={style.sentence}>{sentence}</p>
      {rows.length > 0 && (
        <details>
          <summary>The evidence: {plural(rows.length, 'row')}</summary>
          {rows.map((row) => (
            <EvidenceRow key={row.marker} row={row} />
          ))}
        </details>
      )}
    </article>
  );
}

function EvidenceRow({ row: { marker, fill, writtenAt, sides } }: { row: Suspicion['rows'][number] }) {
  return (
    <div className={style.row}>
      <p className={style.facts}>
        <span className="mono">{marker}</span> <span>fill {fill}</span>{' '}
        {writtenAt && (
          <span>
            written <Age at={writtenAt} />
          </span>
        )}
      </p>
      <dl className={style.sides}>
        {sides.map(({ name, row }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{row === null ? <p className={style.absent}>not there</p> : <RowText row={row} />}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
