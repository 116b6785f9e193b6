import style from './mark.module.css';

interface MarkProps {
  /** Whether the two tracks are apart, drawing nearer, or aligned. */
  state?: 'apart' | 'nearing' | 'aligned';
  size?: number;
}

/** Two parallel tracks that meet: the baseline above, the app below. */
export function Mark({ state = 'apart', size = 22 }: MarkProps) {
  return (
    <svg
      className={style.mark}
      data-state={state}
      style={{ width: `${size / 16}rem`, height: `${size / 16}rem` }}
      viewBox="0 0 22 22"
      aria-hidden="true"
    >
      <rect className={style.baseline} x="1" y="5" width="14" height="4.5" rx="1.25" />
      <rect className={style.app} x="7" y="12.5" width="14" height="4.5" rx="1.25" />
    </svg>
  );
}
