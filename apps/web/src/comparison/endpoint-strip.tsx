import type { KeyboardEvent } from 'react';
import style from './endpoint-strip.module.css';
import { count } from '../parts/quantities.js';
import { ShareBar } from '../parts/share-bar.js';
import { VerdictTag } from '../parts/verdict.js';
import type { EndpointParity } from '#libs/contracts/src/comparator.js';

interface EndpointStripProps {
  endpoints: readonly EndpointParity[];
  chosen: string;
  onChoose: (path: string) => void;
}

/** Where: one tile for each endpoint, like tabs. */
export function EndpointStrip({ endpoints, chosen, onChoose }: EndpointStripProps) {
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
            <VerdictTag verdict={endpoint.verdict} />
          </span>
          <ShareBar endpoint={endpoint} />
          <Figures endpoint={endpoint} />
        </button>
      ))}
    </div>
  );
}

const names = ['matched', 'missing', 'changed', 'doubled', 'outside'] as const;

function Figures({ endpoint }: { endpoint: EndpointParity }) {
  return (
    <span className={style.figures}>
      {names
        .filter((name) => name === 'matched' || endpoint[name] > 0)
        .map((name) => (
          <span key={name}>
            <span className="mono">{count(endpoint[name])}</span> {name}
          </span>
        ))}
    </span>
  );
}
