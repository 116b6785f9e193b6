import style from './board-head.module.css';
import { LiveBadge, StillBadge } from './live-badge.js';
import { FillThen, NextCheck, NextFill } from './timers.js';
import type { PastBoard } from './use-past-board.js';
import { countVerdicts } from '../api/board-state.js';
import type { LiveState } from '../api/live-board.js';
import { ForeignLink } from '../parts/foreign-link.js';
import { count } from '../parts/quantities.js';
import { VerdictGlyph } from '../parts/verdict.js';
import { verdicts, verdictWords } from '../parts/verdict-words.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

interface BoardHeadProps {
  live: LiveState;
  /** A board of the past: then nothing comes next. */
  past: PastBoard | null;
  /** The board has never been read: then there is nothing to count, not nothing there. */
  isUnread: boolean;
  chosen: Verdict | null;
  onChoose: (verdict: Verdict | null) => void;
}

/** What a hall sees first: is it live, how many are where, what happens next. */
export function BoardHead({ live, past, isUnread, chosen, onChoose }: BoardHeadProps) {
  const { rows, fill, timers } = live.board;
  const counts = countVerdicts(rows);
  const isStill = past !== null || (live.board.frozen?.hides ?? false);
  return (
    <header className={style.head}>
      <div className={style.title}>
        <h1>Leaderboard</h1>
        {past ? <StillBadge word="As it was" at={past.at} /> : <LiveBadge live={live} />}
        {timers.fill && (
          <p className={style.baseline}>
            compared with <ForeignLink url={timers.fill.baselineUrl} />
          </p>
        )}
      </div>
      <div className={style.panel} data-filling={fill.open && !isStill ? true : undefined}>
        <div className={style.counts} role="group" aria-label="Apps by verdict; choose one to see only those">
          <Figure
            label={rows.length === 1 ? 'App' : 'Apps'}
            value={isUnread ? null : rows.length}
            isOn={!chosen}
            onPress={() => onChoose(null)}
          />
          {verdicts.map((verdict) => (
            <Figure
              key={verdict}
              verdict={verdict}
              label={verdictWords[verdict].word}
              value={isUnread ? null : counts[verdict]}
              isOn={chosen === verdict}
              onPress={() => onChoose(chosen === verdict ? null : verdict)}
            />
          ))}
        </div>
        {isStill ? (
          <FillThen fill={fill} />
        ) : (
          <div className={style.timers}>
            <NextFill fill={fill} automation={timers.fill} />
            <NextCheck schedule={timers.compare} />
          </div>
        )}
      </div>
    </header>
  );
}

interface FigureProps {
  label: string;
  value: number | null;
  verdict?: Verdict;
  isOn: boolean;
  onPress: () => void;
}

function Figure({ label, value, verdict, isOn, onPress }: FigureProps) {
  return (
    <button
      type="button"
      className={style.figure}
      aria-pressed={isOn}
      data-zero={value === 0 || value === null || undefined}
      title={verdict && verdictWords[verdict].meaning}
      onClick={onPress}
    >
      <span className={`${style.value} mono`}>{value === null ? '–' : count(value)}</span>
      <span className={style.label}>
        {verdict && <VerdictGlyph verdict={verdict} />}
        {label}
      </span>
    </button>
  );
}
