import { useState } from 'react';
import style from './progress-bar.module.css';

interface ProgressBarProps {
  /** What is progressing: another one begins again. */
  of: string;
  label: string;
  done: number;
  total: number;
}

/** Never goes backwards, whatever order the answers come in. */
export function ProgressBar({ of, label, done, total }: ProgressBarProps) {
  const [furthest, setFurthest] = useState({ of, done });
  if (furthest.of !== of || done > furthest.done) setFurthest({ of, done });
  const value = Math.max(done, furthest.of === of ? furthest.done : 0);
  return (
    <div
      className={style.bar}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={value}
      data-done={(total > 0 && value >= total) || undefined}
    >
      <span style={{ transform: `scaleX(${total === 0 ? 0 : value / total})` }} />
    </div>
  );
}
