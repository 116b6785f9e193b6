import type { KeyboardEvent } from 'react';
import style from './endpoint-strip.module.css';
import { countsInWords, isJudged } from '../parts/endpoint-words.js';
import { count } from '../parts/quantities.js';
import { ShareBar } from '../parts/share-bar.js';
import { VerdictTag } from '../parts/verdict.js';
import type { EndpointParity } from '#libs/contracts/src/comparator.js';

interface EndpointStripProps {
  /** Before the verdict is out nothing is said of what a first look may have seen. */
  isDone: boolean;
  endpoints: readonly EndpointParity[];
  chosen: string;
  onChoose: (path: string) => void;
}

/** Where: one tile for each endpoint, like tabs. */
export function EndpointStrip({ isDone, endpoints, chosen, onChoose }: EndpointStripProps) {
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const at = endpoints.findIndex(({ path }) => path === chosen);
    const next = (at + by + endpoints.length) % endpoints.length;
    onChoose(endpoints[next]!.path);
    (event.currentTarget.children[next] as HTMLElement).focus();
    event.preventDefault();
  };
  return (
    <div className={style.strip} role="tablist" aria-label="Endpoints" onKeyDown={onKeyDown}>
      {endpoints.map((endpoint) => (
        <button
          key={endpoint.path}
          type="button"
          role="tab"
          aria-selected={endpoint.path === chosen}
          aria-controls="endpoint-panel"
          tabIndex={endpoint.path === chosen ? 0 : -1}
          className={style.tile}
          onClick={() => onChoose(endpoint.path)}
        >
          <span className={style.top}>
            <strong>{endpoint.label}</strong>
            <VerdictTag verdict={isDone ? endpoint.verdict : 'pending'} />
          </span>
          <ShareBar endpoint={isDone ? endpoint : null} />
          <span className={style.figures}>{isDone ? <Figures endpoint={endpoint} /> : 'not judged yet'}</span>
        </button>
      ))}
    </div>
  );
}

function Figures({ endpoint }: { endpoint: EndpointParity }) {
  if (!isJudged(endpoint.verdict)) return 'not judged this time';
  return countsInWords(endpoint).map(({ value, word }) => (
    <span key={word}>
      <span className="mono">{count(value)}</span> {word}
    </span>
  ));
}
