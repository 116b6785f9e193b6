import type { EndpointParity } from '#libs/contracts/src/comparator.js';
import style from './share-bar.module.css';
import { countsInWords, isJudged } from './endpoint-words.js';
import { count } from './quantities.js';

const kinds = ['matched', 'changed', 'missing', 'absent', 'doubled'] as const;

/** How the rows of an obligation divide. Every kind has its own pattern; the numbers stand beside it. Empty where nothing was judged. */
export function ShareBar({ endpoint }: { endpoint: EndpointParity | null }) {
  const judged = endpoint && isJudged(endpoint.verdict) ? endpoint : null;
  const total = judged ? kinds.reduce((sum, kind) => sum + (judged[kind] ?? 0), 0) : 0;
  const words = judged
    ? countsInWords(judged)
        .map(({ value, word }) => `${count(value)} ${word}`)
        .join(', ')
    : 'Not judged';
  return (
    <div className={style.bar} role="img" aria-label={words} data-empty={total === 0 || undefined}>
      {judged &&
        kinds
          .map((kind) => ({ kind, share: (judged[kind] ?? 0) / total }))
          .filter(({ share }) => share > 0)
          .map(({ kind, share }) => <span key={kind} className={style[kind]} style={{ flexGrow: share }} />)}
    </div>
  );
}
