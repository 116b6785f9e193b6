import type { Verdict } from '#libs/contracts/src/shapes.js';
import style from './verdict.module.css';
import { verdictWords } from './verdict-words.js';

const shapes: Record<Verdict, React.ReactNode> = {
  'in-sync': <path d="M8 1.2 14.8 8 8 14.8 1.2 8Z" fill="currentColor" />,
  'out-of-sync': <path d="M8 1.8 15.2 14H.8Z" fill="currentColor" />,
  pending: (
    <>
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.8" />
      <path d="M8 8V2a6 6 0 0 1 6 6Z" fill="currentColor" />
    </>
  ),
  unreachable: <path d="m3 3 10 10M13 3 3 13" stroke="currentColor" strokeWidth="2.4" strokeLinecap="round" />,
  unknown: (
    <>
      <path
        d="M4.6 5.6a3.4 3.2 0 1 1 5.3 2.7C8.6 9.2 8 9.7 8 11"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.2"
        strokeLinecap="round"
      />
      <circle cx="8" cy="14" r="1.4" fill="currentColor" />
    </>
  ),
};

export function VerdictGlyph({ verdict, size = 12 }: { verdict: Verdict; size?: number }) {
  return (
    <svg
      className={`${style.glyph} ${style[verdict]}`}
      style={{ width: `${size / 16}rem`, height: `${size / 16}rem` }}
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      {shapes[verdict]}
    </svg>
  );
}

/** Glyph and word; with `wash` on its own ground. */
export function VerdictTag({ verdict, wash = false }: { verdict: Verdict; wash?: boolean }) {
  return (
    <span className={`${style.tag} ${style[verdict]} ${wash ? style.wash : ''}`}>
      <VerdictGlyph verdict={verdict} />
      {verdictWords[verdict].word}
    </span>
  );
}
