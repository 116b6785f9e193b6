import type { EndpointParity } from '#libs/contracts/src/comparator.js';
import style from './share-bar.module.css';
import { count } from './quantities.js';

const kinds = ['matched', 'changed', 'missing', 'doubled'] as const;

/** How the rows of an obligation divide. Every kind has its own pattern; the numbers stand beside it. */
export function ShareBar({ endpoint }: { endpoint: EndpointParity }) {
  const total = kinds.reduce((sum, kind) => sum + endpoint[kind], 0);
  const words = kinds.map((kind) => `${count(endpoint[kind])} ${kind}`).join(', ');
  return (
    <div className={style.bar} role="img" aria-label={words} data-empty={total === 0 || undefined}>
      {kinds
        .filter((kind) => endpoint[kind] > 0)
        .map((kind) => (
          <span key={kind} className={style[kind]} style={{ flexGrow: endpoint[kind] / total }} />
        ))}
    </div>
  );
}
