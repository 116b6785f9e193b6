import { memo } from 'react';
import { Link } from 'react-router';
import style from './log-panel.module.css';
import { Moment } from '../parts/time.js';
import type { LogLine } from '#libs/contracts/src/leaderboard.js';

const levels: Record<LogLine['level'], { glyph: string; word: string }> = {
  info: { glyph: '·', word: 'info' },
  good: { glyph: '+', word: 'good' },
  warning: { glyph: '!', word: 'warning' },
  bad: { glyph: '×', word: 'bad' },
};

interface LogLineProps {
  line: LogLine;
  /** Without links, inside the button that opens the log. */
  isTeaser?: boolean;
}

export const LogLineView = memo(function LogLineView({ line, isTeaser }: LogLineProps) {
  const { glyph, word } = levels[line.level];
  return (
    <span className={style.line} data-level={line.level} data-teaser={isTeaser || undefined}>
      <Moment at={line.at} />
      <span className={`${style.level} mono`} title={word}>
        <span aria-hidden="true">{glyph}</span>
        <span className="hidden-text">{word}</span>
      </span>
      <span className={style.text}>{line.text}</span>
      {!isTeaser && line.traceId && (
        <Link to={`/traces/${line.traceId}`} className={style.trace}>
          trace
        </Link>
      )}
    </span>
  );
});
