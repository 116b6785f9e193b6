import { useEffect, useRef } from 'react';
import { Button } from '@mantine/core';
import { PreflightAnnouncer } from './preflight-announcer.js';
import { preflightNames } from './preflight-names.js';
import style from './preflight.module.css';
import { isThere, lineLooks, namesToMend, type PreflightLine } from './preflight.js';
import type { Preflight } from './use-preflight.js';
import { wantsStillness } from '../parts/motion.js';
import { NoteGlyph } from '../parts/note-glyph.js';
import { OldAnswer } from '../parts/old-answer.js';
import { ProblemNote } from '../parts/problem-note.js';
import { count } from '../parts/quantities.js';
import { Age } from '../parts/time.js';
import { ProgressBar } from '../staff/progress-bar.js';

/** What was seen of an app before it is submitted, line by line; nothing while nobody has asked. */
export function PreflightCard({ check, onAgain }: { check: Preflight; onAgain: () => void }) {
  const { id, isBeginning, query } = check;
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!isBeginning) return;
    card.current?.scrollIntoView({ block: 'nearest', behavior: wantsStillness() ? 'auto' : 'smooth' });
  }, [isBeginning]);
  if (id === null) return null;
  const isUnread = !isBeginning && query.error !== null && query.data === undefined;
  return (
    <section ref={card} className={style.card} aria-labelledby="preflight-title">
      <div className={style.head}>
        <h2 id="preflight-title">Pre-flight</h2>
        {check.sentence !== null && check.askedAt !== null && <Age at={check.askedAt} />}
        {check.url !== null && <p className={style.address}>{check.url}</p>}
      </div>
      {check.isForgotten && <Forgotten onAgain={onAgain} />}
      {!check.isForgotten && isUnread && <ProblemNote error={query.error} onRetry={() => void query.refetch()} />}
      {!check.isForgotten && !isUnread && <Seen check={check} />}
    </section>
  );
}

function Forgotten({ onAgain }: { onAgain: () => void }) {
  return (
    <div className={style.forgotten} role="status">
      <NoteGlyph />
      <div>
        <p>This pre-flight is no longer known here: each is forgotten within the hour.</p>
        <Button variant="default" size="xs" mt={8} onClick={onAgain}>
          Check again
        </Button>
      </div>
    </div>
  );
}

function Seen({ check }: { check: Preflight }) {
  const { id, lines, sentence, isBeginning, mayWrite, writeProblem } = check;
  const done = lines.filter(isThere).length;
  const toMend = namesToMend(lines);
  return (
    <>
      {sentence === null ? (
        <div className={style.progress}>
          <p className="figures">
            Looked at {done} of {lines.length}; it counts nowhere.
          </p>
          <ProgressBar of={id ?? ''} label="Checks done" done={done} total={lines.length} />
        </div>
      ) : (
        <div>
          <p className={style.sentence}>{sentence}</p>
          {toMend.length > 0 && (
            <p className={style.mend}>To mend: {toMend.join(', ')}. What to do is said with each; then check again.</p>
          )}
        </div>
      )}
      {!isBeginning && <OldAnswer query={check.query} />}
      <ol className={style.lines}>
        {lines.map((line) => (
          <Line
            key={line.check}
            line={line}
            onWrite={mayWrite && line.check === 'write' ? check.writeNow : undefined}
          />
        ))}
      </ol>
      {writeProblem && <ProblemNote error={writeProblem} onRetry={check.writeNow} />}
      <PreflightAnnouncer key={id} lines={lines} sentence={sentence} />
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
