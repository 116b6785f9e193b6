import { Link } from 'react-router';
import style from './send-log.module.css';
import type { Write } from '../api/queries.js';
import { tracePath } from '../parts/paths.js';
import { duration } from '../parts/quantities.js';
import { Moment } from '../parts/time.js';
import type { EdgeKind, WriteOutcome, WritePayload } from '#libs/contracts/src/filler.js';

export const outcomes: Record<WriteOutcome, { glyph: string; word: string; meaning: string }> = {
  acknowledged: { glyph: '✓', word: 'acknowledged', meaning: 'the app answered that it has it' },
  refused: { glyph: '−', word: 'refused', meaning: 'the app said no, or could not be reached; nothing was taken' },
  unknown: {
    glyph: '?',
    word: 'unknown',
    meaning: 'sent, but no answer was seen; it is never sent again and obliges nobody',
  },
  skipped: { glyph: '·', word: 'not sent', meaning: 'given up before it was sent; it obliges nobody' },
};
export const outcomeNames = Object.keys(outcomes) as WriteOutcome[];

/** One write: how it ended, what it was, when, and the trace of its fill. */
export function WriteRow({ write, isSought }: { write: Write; isSought: boolean }) {
  const { glyph, word, meaning } = outcomes[write.outcome];
  const tookMs = write.sentAt && write.answeredAt ? Date.parse(write.answeredAt) - Date.parse(write.sentAt) : null;
  return (
    <div className={style.write} role="row" data-outcome={write.outcome} data-sought={isSought || undefined}>
      <span role="cell" className={style.outcome} title={meaning}>
        <span aria-hidden="true" className="mono">
          {glyph}
        </span>
        {word}
      </span>
      <span role="cell" className={`${style.marker} mono`}>
        {write.marker}
      </span>
      <span role="cell" className={`${style.payload} mono`}>
        {write.payload.edge && <EdgeName kind={write.payload.edge} />}
        {payloadText(write.payload)}
      </span>
      <span role="cell" className={style.reason}>
        {write.reason ?? (write.status === null ? '' : `HTTP ${write.status}`)}
      </span>
      <span role="cell" className={`${style.took} mono`}>
        {tookMs === null ? '' : duration(tookMs)}
      </span>
      <span role="cell" className={style.fill}>
        fill {write.number}, {write.driver}
      </span>
      <span role="cell" className={style.time}>
        {write.sentAt && <Moment at={write.sentAt} />}
      </span>
      <span role="cell" className={style.trace}>
        {write.traceId && <Link to={tracePath(write.traceId, null)}>trace</Link>}
      </span>
    </div>
  );
}

/** What is difficult about it: some stores and drivers get just these wrong. */
const EdgeName = ({ kind }: { kind: EdgeKind }) => (
  <span className={style.edge} title="difficult on purpose; a faithful app shows it as it was sent">
    {kind.replaceAll('-', ' ')}
  </span>
);

function payloadText(payload: WritePayload): string {
  if (payload.kind === 'entry') return `entry ${payload.text}`;
  if (payload.kind === 'mood') return `mood ${payload.mood}: ${payload.note}`;
  return `value ${payload.value}`;
}
