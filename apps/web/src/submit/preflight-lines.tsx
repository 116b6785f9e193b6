import { preflightNames } from '#libs/contracts/src/preflight-names.js';
import style from './preflight.module.css';
import { lineLooks, type PreflightLine } from './preflight.js';
import type { Preflight } from './use-preflight.js';
import { ProblemNote } from '../parts/problem-note.js';
import { count } from '../parts/quantities.js';

type PreflightLinesProps = Pick<Preflight, 'lines' | 'mayWrite' | 'writeProblem' | 'writeNow'>;

/** The checks in their order, each with what was seen and what to do about it. */
export function PreflightLines({ lines, mayWrite, writeProblem, writeNow }: PreflightLinesProps) {
  return (
    <>
      <ol className={style.lines}>
        {lines.map((line) => (
          <Line
            key={line.check}
            line={line}
            onWrite={mayWrite && !writeProblem && line.check === 'write' ? writeNow : undefined}
          />
        ))}
      </ol>
      {writeProblem && <ProblemNote error={writeProblem} onRetry={writeNow} />}
    </>
  );
}

function Line({ line, onWrite }: { line: PreflightLine; onWrite: (() => void) | undefined }) {
  const { check, state, sentence, next, ms } = line;
  const [glyph, word] = lineLooks[state];
  return (
    <li className={style.line} data-check={check} data-state={state}>
      <span className={style.glyph} aria-hidden="true">
        {glyph}
      </span>
      <strong>{preflightNames[check]}</strong>
      <span className={style.word}>{word}</span>
      <span className={`${style.ms} figures`}>{ms !== null && `${count(ms)} ms`}</span>
      {sentence && <p className={style.seen}>{sentence}</p>}
      {next && <p className={style.next}>{next}</p>}
      {onWrite && (
        <button type="button" className={style.write} onClick={onWrite}>
          Write one entry now
        </button>
      )}
    </li>
  );
}
