import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { ApiProblem } from '../api/call.js';
import { NoteGlyph } from './note-glyph.js';
import style from './problem-note.module.css';
import type { Side } from '#libs/contracts/src/problem.js';

const sides: Record<Side, string> = {
  yours: 'On your side',
  ours: 'On our side; it costs you nothing',
  baseline: 'On the baseline’s side; it costs you nothing',
};

interface ProblemNoteProps {
  error: unknown;
  onRetry?: () => void;
  /** Only what it is and what to do: the details stand elsewhere, at the fields of a form. */
  isBrief?: boolean;
}

/** What went wrong, whose side it is, what to do next, and the trace that shows it. */
export function ProblemNote({ error, onRetry, isBrief = false }: ProblemNoteProps) {
  const { title, detail, next, traceId } = error instanceof ApiProblem ? error.document : brokenPage(error);
  const side = sideOf(error);
  return (
    <div className={style.note} role="alert" data-side={side.name ?? undefined}>
      <NoteGlyph />
      <div>
        <p className={style.title}>{title}</p>
        {!isBrief && <p>{detail}</p>}
        <p className={style.next}>{next}</p>
        {(side.words ?? traceId) && (
          <p className={style.foot}>
            {side.words && <span>{side.words}</span>}
            {traceId && (
              <Link to={`/traces/${traceId}`}>
                trace <span className="mono">{traceId.slice(0, 8)}</span>
              </Link>
            )}
          </p>
        )}
        {onRetry && (
          <Button variant="default" size="xs" mt={8} onClick={onRetry}>
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}

const brokenPage = (error: unknown) => ({
  title: 'Something broke in this page',
  detail: error instanceof Error ? error.message : String(error),
  next: 'Load the page again; tell staff if it stays.',
  traceId: undefined,
});

/** Nobody is at fault for what is not there (any more), and a page that reaches nobody cannot know whose side it is. */
function sideOf(error: unknown): { name: Side | null; words: string | null } {
  if (!(error instanceof ApiProblem)) return { name: 'ours', words: sides.ours };
  if (error.kind === 'not-found') return { name: null, words: null };
  if (error.kind === 'no-connection') return { name: null, words: 'Not known whose side; it costs you nothing' };
  return { name: error.document.side, words: sides[error.document.side] };
}
