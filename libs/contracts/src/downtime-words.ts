import type { Downtime } from './leaderboard.js';

const glyphs = { proven: '✓', 'not-proven': '!', violated: '×' } as const;

/** "✓ 0 ms", "× 1.2 s", "! not proven", "not measured": what files and terminals say of an app's downtime. */
export function downtimeText(downtime: Downtime | null): string {
  if (downtime === null) return 'not measured';
  const { verdict, ms } = downtime;
  return `${glyphs[verdict]} ${ms === null ? 'not proven' : downText(ms)}`;
}

export function downText(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} min`;
}
