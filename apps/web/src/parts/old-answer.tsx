import { isPassing } from '../api/ask-again.js';
import { NoteGlyph } from './note-glyph.js';
import style from './old-answer.module.css';
import { ProblemNote } from './problem-note.js';
import { SinceHere } from './time.js';

interface OldAnswerProps {
  /** What is asked for again and again, as the query client gives it. */
  query: { data: unknown; dataUpdatedAt: number; error: unknown; failureCount: number };
}

/** Says that what is shown is no longer fresh, because nobody answered when it was asked for again. Nothing when it is. */
export function OldAnswer({ query: { data, dataUpdatedAt, error, failureCount } }: OldAnswerProps) {
  if (data === undefined || dataUpdatedAt === 0 || (!error && failureCount === 0)) return null;
  if (error && !isPassing(error)) return <ProblemNote error={error} isBrief />;
  return (
    <p className={style.note} role="status">
      <NoteGlyph size={14} />
      <span>
        No answer for <SinceHere at={dataUpdatedAt} />; what you see is older. Asking again.
      </span>
    </p>
  );
}
