import { useEffect, useState, type ReactNode } from 'react';
import { Mark } from './mark.js';
import style from './states.module.css';

const wordsAfterMs = 1_000;

/** Nothing for a blink, then the mark, and after a second the words for what is being waited for. */
export function Waiting({ forWhat }: { forWhat: string }) {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), wordsAfterMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={style.state} role="status">
      <Mark state="nearing" size={40} />
      <p className={isLong ? undefined : 'hidden-text'}>Waiting for {forWhat}.</p>
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
