import { useEffect, useRef } from 'react';
import style from './differences.module.css';
import { markDifference, otherFields, valueText, type MarkedText } from './value-text.js';
import { plural } from '../parts/quantities.js';
import { Age } from '../parts/time.js';
import type { RowDifference } from '#libs/contracts/src/comparator.js';

const kinds: Record<RowDifference['kind'], { sign: string; word: string }> = {
  missing: { sign: '−', word: 'missing' },
  changed: { sign: '~', word: 'changed' },
  doubled: { sign: '×2', word: 'doubled' },
  derived: { sign: '∴', word: 'follows' },
};

interface DifferenceViewProps {
  difference: RowDifference;
  number: number;
  isChosen: boolean;
  onChoose: () => void;
}

export function DifferenceView({ difference, number, isChosen, onChoose }: DifferenceViewProps) {
  const element = useRef<HTMLElement>(null);
  const { kind, marker, fill, acknowledgedAt, sentence } = difference;
  useEffect(() => {
    if (!isChosen) return;
    element.current?.focus({ preventScroll: true });
    element.current?.scrollIntoView({ block: 'nearest' });
  }, [isChosen]);
  return (
    <article
      ref={element}
      className={style.difference}
      data-kind={kind}
      aria-label={`Difference ${number}, ${kinds[kind].word}: ${sentence}`}
      aria-current={isChosen || undefined}
      tabIndex={-1}
      onClick={() => !isChosen && window.getSelection()?.isCollapsed && onChoose()}
    >
      <span className={`${style.edge} mono`} aria-hidden="true">
        {kinds[kind].sign}
      </span>
      <header className={style.title}>
        <span className={style.kind}>{kinds[kind].word}</span>
        <span className={style.sentence}>{sentence}</span>
        <span className={style.facts}>
          {marker && <span className="mono">{marker}</span>}
          {fill !== null && <span>fill {fill}</span>}
          {acknowledgedAt && (
            <span>
              acknowledged <Age at={acknowledgedAt} />
            </span>
          )}
        </span>
      </header>
      {kind === 'missing' ? <MissingRow difference={difference} /> : <BothRows difference={difference} />}
    </article>
  );
}

function MissingRow({ difference }: { difference: RowDifference }) {
  return (
    <div className={style.pair}>
      <RowText row={difference.baseline} />
      <p className={style.absent}>not there{difference.marker && <span className="mono"> {difference.marker}</span>}</p>
    </div>
  );
}

function BothRows({ difference: { kind, baseline, app, fields } }: { difference: RowDifference }) {
  const others = otherFields(baseline, app, fields);
  if (kind === 'doubled' || fields.length === 0)
    return (
      <div className={style.pair}>
        <RowText row={baseline} />
        <RowText row={app} />
      </div>
    );
  return (
    <>
      {fields.map((field) => {
        const [left, right] = markDifference(valueText(field.baseline), valueText(field.app));
        return (
          <div key={field.path} className={style.field}>
            <span className={`${style.path} mono`}>{field.path}</span>
            <div className={style.pair}>
              <Marked text={left} side="baseline" />
              <Marked text={right} side="app" />
            </div>
          </div>
        );
      })}
      {others.length > 0 && (
        <details className={style.others}>
          <summary>{plural(others.length, 'other field')}</summary>
          {others.map((field) => (
            <div key={field.name} className={style.field}>
              <span className={`${style.path} mono`}>/{field.name}</span>
              <div className={style.pair}>
                <pre className="mono">{valueText(field.baseline)}</pre>
                <pre className="mono">{valueText(field.app)}</pre>
              </div>
            </div>
          ))}
        </details>
      )}
    </>
  );
}

function Marked({ text, side }: { text: MarkedText; side: 'baseline' | 'app' }) {
  return (
    <pre className="mono" data-side={side}>
      {text.before}
      {text.changed && <mark>{text.changed}</mark>}
      {text.after}
    </pre>
  );
}

/** A whole row, its fields one after the other. */
function RowText({ row }: { row: unknown }) {
  const fields = otherFields(row, undefined, []);
  if (fields.length === 0) return <pre className="mono">{valueText(row)}</pre>;
  return (
    <pre className={`${style.row} mono`}>
      {fields.map(({ name, baseline }) => (
        <span key={name}>
          <span className={style.name}>{name} </span>
          {valueText(baseline)}{' '}
        </span>
      ))}
    </pre>
  );
}
