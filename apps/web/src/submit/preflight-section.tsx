import { useEffect, useRef, type ReactNode } from 'react';
import { Button } from '@mantine/core';
import { PreflightAnnouncer } from './preflight-announcer.js';
import { PreflightLines } from './preflight-lines.js';
import style from './preflight.module.css';
import { isThere, namesToMend } from './preflight.js';
import type { Preflight } from './use-preflight.js';
import { wantsStillness } from '../parts/motion.js';
import { NoteGlyph } from '../parts/note-glyph.js';
import { OldAnswer } from '../parts/old-answer.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Age } from '../parts/time.js';
import { ProgressBar } from '../staff/progress-bar.js';

interface PreflightSectionProps {
  check: Preflight | undefined;
  onAgain: () => void;
  /** What can be done: it stands between what was found and the lines that show it. */
  children: ReactNode;
}

/** What was seen of an app before it is submitted, line by line; while nobody has asked, only what can be done. */
export function PreflightSection({ check, onAgain, children }: PreflightSectionProps) {
  const shown = check && check.id !== null ? check : null;
  const isRead = shown !== null && !shown.isForgotten && !isUnread(shown);
  const section = useBroughtIntoView(shown);
  return (
    <section
      ref={section}
      className={style.section}
      data-shown={shown !== null || undefined}
      aria-labelledby={shown ? 'preflight-title' : undefined}
    >
      {shown && (
        <div className={style.head}>
          <div className={style.title}>
            <h2 id="preflight-title">Pre-flight</h2>
            {shown.sentence !== null && shown.askedAt !== null && <Age at={shown.askedAt} />}
            {shown.url !== null && <p className={style.address}>{shown.url}</p>}
          </div>
          {isRead ? <Outcome check={shown} /> : <Missing check={shown} onAgain={onAgain} />}
        </div>
      )}
      {children}
      {isRead && <PreflightLines {...shown} />}
      {isRead && <PreflightAnnouncer key={shown.id} lines={shown.lines} sentence={shown.sentence} />}
    </section>
  );
}

/** Once, when it begins; or when it was found by its address and is there, below a form that nobody came for. */
function useBroughtIntoView(shown: Preflight | null) {
  const section = useRef<HTMLElement>(null);
  const wasBegun = useRef(false);
  const isBeginning = shown?.isBeginning === true;
  const isFound = shown !== null && (shown.askedAt !== null || shown.isForgotten);
  useEffect(() => {
    if (isBeginning) wasBegun.current = true;
    else if (!isFound || wasBegun.current) return;
    const isCalm = !isBeginning || wantsStillness();
    section.current?.scrollIntoView({ block: 'nearest', behavior: isCalm ? 'auto' : 'smooth' });
  }, [isBeginning, isFound]);
  return section;
}

/** Nothing is known of it, since nobody answers. */
const isUnread = ({ isBeginning, query }: Preflight): boolean =>
  !isBeginning && query.error !== null && query.data === undefined;

function Missing({ check: { isForgotten, query }, onAgain }: { check: Preflight; onAgain: () => void }) {
  if (!isForgotten) return <ProblemNote error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className={style.forgotten} role="status">
      <NoteGlyph />
      <div>
        <p>
          This pre-flight is no longer known here: each is forgotten within the hour. Say above where the app answers,
          and check it again.
        </p>
        <Button variant="default" size="xs" mt={8} onClick={onAgain}>
          Check again
        </Button>
      </div>
    </div>
  );
}

/** How far it is; at the end what it means, and what is to be mended. */
function Outcome({ check: { id, lines, sentence, isBeginning, query } }: { check: Preflight }) {
  const done = lines.filter(isThere).length;
  const toMend = namesToMend(lines);
  return (
    <div className={style.outcome}>
      {sentence === null ? (
        <>
          <p className={`${style.quiet} figures`}>
            Looked at {done} of {lines.length}. It counts nowhere.
          </p>
          <ProgressBar of={id ?? ''} label="Checks done" done={done} total={lines.length} />
        </>
      ) : (
        <>
          <p className={style.sentence}>{sentence}</p>
          {toMend.length > 0 && (
            <p className={style.quiet}>To mend: {toMend.join(', ')}. What to do is said with each; then check again.</p>
          )}
        </>
      )}
      {!isBeginning && <OldAnswer query={query} />}
    </div>
  );
}
