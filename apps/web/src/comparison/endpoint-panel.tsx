import { Button } from '@mantine/core';
import { IconTerminal2 } from '@tabler/icons-react';
import style from './endpoint-panel.module.css';
import { ForeignLink } from '../parts/foreign-link.js';
import { bytes, duration, plural } from '../parts/quantities.js';
import type { EndpointDetail } from '#libs/contracts/src/comparator.js';

export type Side = 'app' | 'baseline';

interface EndpointPanelProps {
  isDone: boolean;
  endpoint: EndpointDetail;
  onCopyCurl: (side: Side) => void;
}

/** What was read from both sides, how much the endpoint can show, and what does not count as a difference. */
export function EndpointPanel({ isDone, endpoint, onCopyCurl }: EndpointPanelProps) {
  const { window, rules, explained } = endpoint;
  return (
    <div className={style.panel}>
      <div className={style.reads}>
        <Read name="Baseline" side={endpoint.baseline} />
        <Read name="App" side={endpoint.app} />
      </div>
      <div className={style.about}>
        <p>{isDone && <Compared window={window} note={ownNote(endpoint)} />}</p>
        <div className={style.curls}>
          <CurlButton side="app" shortcut="c" onCopy={onCopyCurl} />
          <CurlButton side="baseline" shortcut="b" onCopy={onCopyCurl} />
        </div>
      </div>
      {isDone && rules.length > 0 && (
        <details className={style.rules}>
          <summary>
            Not compared: {plural(rules.length, 'rule')}
            {explained > 0 && `; ${plural(explained, 'row')} would differ without`}
          </summary>
          <ul>
            {rules.map(({ name, reason, hits }) => (
              <li key={name}>
                <strong>{name}</strong> {reason} <span className={style.hits}>{plural(hits, 'hit')}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** How much of what the app answers for the endpoint could show; nothing where nothing was read. */
function Compared({ window, note }: { window: string; note: string | null }) {
  return (
    <>
      {window && (
        <>
          Compared: <strong>{window}</strong>.{' '}
        </>
      )}
      {note}
    </>
  );
}

/** The note, unless it only repeats what stands at one of the reads. */
const ownNote = ({ note, app, baseline }: EndpointDetail): string | null =>
  note === app.problem || note === baseline.problem ? null : note;

interface CurlButtonProps {
  side: Side;
  shortcut: string;
  onCopy: (side: Side) => void;
}

function CurlButton({ side, shortcut, onCopy }: CurlButtonProps) {
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconTerminal2 size={14} />}
      rightSection={<kbd>{shortcut}</kbd>}
      onClick={() => onCopy(side)}
    >
      Copy curl ({side})
    </Button>
  );
}

function Read({ name, side }: { name: string; side: EndpointDetail['app'] }) {
  const isFine = side.problem === null;
  return (
    <div className={style.read}>
      <span className={style.side}>{name}</span>
      <ForeignLink url={side.url} className={`${style.url} mono`} />
      <span className={`${style.answer} mono`} data-failed={!isFine || undefined}>
        {side.status === null ? 'no answer' : `HTTP ${side.status}`}
      </span>
      <span className="mono">{duration(side.totalMs)}</span>
      <span className="mono">{side.status === null ? '–' : bytes(side.bodyBytes)}</span>
      {side.problem && <span className={style.problem}>{side.problem}</span>}
    </div>
  );
}
