import { useEffect, useRef, useState } from 'react';
import { isThere, newsOf, type PreflightLine } from './preflight.js';
import type { PreflightCheck } from '#libs/contracts/src/preflight.js';

const betweenMs = 2_000;

interface PreflightAnnouncerProps {
  lines: readonly PreflightLine[];
  /** What it means, once it is over. */
  sentence: string | null;
}

/** Tells screen readers which lines have come, at most every two seconds, and at the end what they mean. */
export function PreflightAnnouncer({ lines, sentence }: PreflightAnnouncerProps) {
  const [words, setWords] = useState('');
  const newest = useRef(lines);
  const told = useRef<ReadonlySet<PreflightCheck>>(new Set());
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  useEffect(() => {
    newest.current = lines;
    if (sentence !== null) {
      clearTimeout(timer.current ?? undefined);
      timer.current = null;
      setWords(`The pre-flight is over. ${sentence}`);
      return;
    }
    const tell = () => {
      timer.current = null;
      const news = newsOf(newest.current, told.current);
      if (!news) return;
      setWords(news);
      told.current = new Set(newest.current.filter(isThere).map(({ check }) => check));
      timer.current = setTimeout(tell, betweenMs);
    };
    if (!timer.current) tell();
  }, [lines, sentence]);
  useEffect(() => () => clearTimeout(timer.current ?? undefined), []);

  return (
    <p role="status" className="hidden-text">
      {words}
    </p>
  );
}
