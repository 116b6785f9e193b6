import { Button } from '@mantine/core';
import { IconTerminal2 } from '@tabler/icons-react';
import style from './endpoint-panel.module.css';
import { ForeignLink } from '../parts/foreign-link.js';
import { bytes, duration, plural } from '../parts/quantities.js';
import type { EndpointDetail } from '#libs/contracts/src/comparator.js';

/** What was read from both sides, how much the endpoint can show, and what does not count as a difference. */
export function EndpointPanel({ endpoint, onCopyCurl }: { endpoint: EndpointDetail; onCopyCurl: () => void }) {
  return (
    <div className={style.panel}>
      <div className={style.reads}>
        <Read name="Baseline" side={endpoint.baseline} />
        <Read name="App" side={endpoint.app} />
      </div>
      <div className={style.about}>
        <p>
          Shows <strong>{endpoint.window}</strong>.{endpoint.note && ` ${endpoint.note}`}
        </p>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconTerminal2 size={14} />}
          rightSection={<kbd>c</kbd>}
          onClick={onCopyCurl}
        >
          Copy as curl
        </Button>
      </div>
      {endpoint.rules.length > 0 && (
        <details className={style.rules}>
          <summary>Not compared: {plural(endpoint.rules.length, 'rule')}</summary>
          <ul>
            {endpoint.rules.map(({ name, reason, hits }) => (
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
      <span className="mono">{bytes(side.bodyBytes)}</span>
      {side.problem && <span className={style.problem}>{side.problem}</span>}
    </div>
  );
}
