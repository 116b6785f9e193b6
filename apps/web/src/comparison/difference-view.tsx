import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import style from './differences.module.css';
import { fieldTexts, markDifference, otherFields, valueText, type MarkedText } from './value-text.js';
import { writePath } from '../parts/paths.js';
import { plural } from '../parts/quantities.js';
import { Age } from '../parts/time.js';
import type { RowDifference } from '#libs/contracts/src/comparator.js';

const kinds: Record<RowDifference['kind'], { sign: string; word: string }> = {
  missing: { sign: '−', word: 'missing' },
  absent: { sign: '−', word: 'absent' },
  changed: { sign: '~', word: 'changed' },
  doubled: { sign: '×2', word: 'doubled' },
  derived: { sign: '∴', word: 'figure' },
};

/** What it means, in words that repeat neither the marker nor the fill: both stand beside them. */
function sentenceOf({ kind, marker, fields, sentence }: RowDifference): string {
  if (kind === 'derived' || marker === null) return sentence;
  if (kind === 'missing') return 'Acknowledged, and not there.';
  if (kind === 'absent') return 'The baseline shows it; never acknowledged by the app, and not there.';
  if (kind === 'doubled') return 'Written once, and there twice.';
  const names = fields.map(({ path }) => path.replace(/^\//, '')).filter(Boolean);
  return names.length > 0 ? `Comes back changed in ${names.join(', ')}.` : 'Comes back changed.';
}

interface DifferenceViewProps {
  appId: string;
  difference: RowDifference;
  number: number;
  isChosen: boolean;
  onChoose: () => void;
}

export function DifferenceView({ appId, difference, number, isChosen, onChoose }: DifferenceViewProps) {
  const element = useRef<HTMLElement>(null);
  const { kind, marker } = difference;
  const sentence = sentenceOf(difference);
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
      aria-label={`Difference ${number}, ${kinds[kind].word}${marker ? ` ${marker}` : ''}: ${sentence}`}
      aria-current={isChosen || undefined}
      tabIndex={-1}
      onClick={(event) => !isChosen && isPlainClick(event) && onChoose()}
    >
      <span className={`${style.edge} mono`} aria-hidden="true">
        {kinds[kind].sign}
      </span>
      <header className={style.title}>
        <span className={style.kind}>{kinds[kind].word}</span>
        <span className={style.sentence}>{sentence}</span>
        <Facts appId={appId} difference={difference} />
      </header>
      {kind === 'missing' || kind === 'absent' ? (
        <MissingRow difference={difference} />
      ) : (
        <BothRows difference={difference} />
      )}
    </article>
  );
}

/** Not the end of a selection, and not on something that acts by itself. */
const isPlainClick = ({ target }: React.MouseEvent): boolean =>
  window.getSelection()?.isCollapsed === true && !(target as HTMLElement).closest('a, summary');

/** Which write it was, when it was acknowledged, and the way to it in the send log. */
function Facts({ appId, difference }: { appId: string; difference: RowDifference }) {
  const { marker, fill, acknowledgedAt } = difference;
  return (
    <span className={style.facts}>
      {marker && (
        <Link to={writePath(appId, marker)} className="mono" title="This write in the send log">
          {marker}
        </Link>
      )}
      {fill !== null && <span>fill {fill}</span>}
      {acknowledgedAt && (
        <span>
          acknowledged <Age at={acknowledgedAt} />
        </span>
      )}
    </span>
  );
}

function MissingRow({ difference }: { difference: RowDifference }) {
  return (
    <div className={style.pair}>
      <RowText row={difference.baseline} />
      <p className={style.absent}>not there</p>
    </div>
  );
}

function BothRows({ difference }: { difference: RowDifference }) {
  const { kind, baseline, app, fields } = difference;
  if (kind === 'doubled') return <DoubledRow difference={difference} />;
  if (fields.length === 0)
    return (
      <div className={style.pair}>
        <RowText row={baseline} />
        <RowText row={app} />
      </div>
    );
  return (
    <>
      {fields.map((field) => {
        const [left, right] = markDifference(...fieldTexts(difference, field));
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
      {kind !== 'derived' && <OtherFields baseline={baseline} app={app} fields={fields} />}
    </>
  );
}

/** The row of the baseline beside both copies of the app, one below the other. */
function DoubledRow({ difference: { baseline, app } }: { difference: RowDifference }) {
  const copies: unknown[] = Array.isArray(app) ? app : [app];
  return (
    <div className={style.pair}>
      <RowText row={baseline} />
      <div className={style.copies}>
        {copies.map((copy, index) => (
          <RowText key={index} row={copy} />
        ))}
      </div>
    </div>
  );
}

/** What is equal, or not compared: folded, since it is not why somebody looks. */
function OtherFields({ baseline, app, fields }: Pick<RowDifference, 'baseline' | 'app' | 'fields'>) {
  const others = otherFields(baseline, app, fields);
  if (others.length === 0) return null;
  return (
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
export function RowText({ row }: { row: unknown }) {
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
