import type { ReactNode } from 'react';
import { Mark } from './mark.js';
import style from './states.module.css';
import { useLate } from './use-late.js';

const wordsAfterMs = 1_000;

/** Nothing for a blink, then the mark, and after a second the words for what is being waited for. */
export function Waiting({ forWhat, more }: { forWhat: string; more?: string }) {
  const isLong = useLate(wordsAfterMs);
  return (
    <div className={style.state} role="status">
      <Mark state="nearing" size={40} />
      <p className={isLong ? undefined : 'hidden-text'}>
        Waiting for {forWhat}
        {more ? `; ${more}.` : '.'}
      </p>
    </div>
  );
}

/** Nothing here yet: says why, and what to do. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={style.state}>
      <Mark size={40} />
      <p className={style.title}>{title}</p>
      {children && <div className={style.words}>{children}</div>}
    </div>
  );
}
