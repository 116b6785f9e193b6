import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { ApiProblem } from '../api/call.js';
import style from './problem-note.module.css';
import { VerdictGlyph } from './verdict.js';

const sides = {
  yours: 'On your side',
  ours: 'On our side; it costs you nothing',
  baseline: 'On the baseline’s side; it costs you nothing',
};

interface ProblemNoteProps {
  error: unknown;
  onRetry?: () => void;
}

/** What went wrong, whose side it is, what to do next, and the trace that shows it. */
export function ProblemNote({ error, onRetry }: ProblemNoteProps) {
  const document =
    error instanceof ApiProblem
      ? error.document
      : {
          title: 'Something broke in this page',
          detail: error instanceof Error ? error.message : String(error),
          side: 'ours' as const,
          next: 'Load the page again; tell staff if it stays.',
          traceId: undefined,
        };
  return (
    <div className={style.note} role="alert" data-side={document.side}>
      <VerdictGlyph verdict={document.side === 'yours' ? 'out-of-sync' : 'unknown'} size={14} />
      <div>
        <p className={style.title}>{document.title}</p>
        <p>{document.detail}</p>
        <p className={style.next}>{document.next}</p>
        <p className={style.foot}>
          <span>{sides[document.side]}</span>
          {document.traceId && (
            <Link to={`/traces/${document.traceId}`}>
              trace <span className="mono">{document.traceId.slice(0, 8)}</span>
            </Link>
          )}
        </p>
        {onRetry && (
          <Button variant="default" size="xs" mt={8} onClick={onRetry}>
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}
