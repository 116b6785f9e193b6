import { Checkbox } from '@mantine/core';
import { Link } from 'react-router';
import style from './unknown.module.css';
import { comparisonPath } from '../parts/paths.js';
import { Age } from '../parts/time.js';
import { VerdictGlyph } from '../parts/verdict.js';
import type { UnknownComparison } from '#libs/contracts/src/unknown.js';

interface UnknownListProps {
  comparisons: readonly UnknownComparison[];
  chosen: ReadonlySet<string>;
  onChoose: (appId: string, isOn: boolean) => void;
}

const sideWords = { ours: 'our side', baseline: 'the baseline' };

/** Newest first: which app, whose side, why. */
export function UnknownList({ comparisons, chosen, onChoose }: UnknownListProps) {
  return (
    <ul className={style.list} aria-label="Unknown verdicts, newest first">
      {comparisons.map(({ comparisonId, appId, appName, side, sentence, computedAt, requestedAt, ...one }) => (
        <li key={comparisonId}>
          <Checkbox
            label={appName}
            checked={chosen.has(appId)}
            disabled={!one.takesPart}
            onChange={(event) => onChoose(appId, event.currentTarget.checked)}
            classNames={{ label: style.name, root: style.box }}
          />
          <span className={style.side}>
            <VerdictGlyph verdict="unknown" />
            {side === null ? 'staff said so' : sideWords[side]}
          </span>
          <span className={style.why}>
            <Link to={comparisonPath(comparisonId)}>{sentence}</Link>
            {!one.isNewest && (
              <span className={style.since}>
                {' '}
                {one.takesPart ? 'The board says something newer.' : 'It takes part no more.'}
              </span>
            )}
          </span>
          <span className={style.age}>
            <Age at={computedAt ?? requestedAt} />
          </span>
        </li>
      ))}
    </ul>
  );
}
