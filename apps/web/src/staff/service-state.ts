import { count, plural } from '../parts/quantities.js';
import type { Progress } from '#libs/contracts/src/operations.js';

export type State = 'still' | 'busy' | 'stuck';

/**
 * How far a service is behind each log that it reads: what its producer has said and it has not applied yet. A producer that does
 * not answer is left out: nobody knows its head.
 */
export function behind(
  progress: Progress,
  services: Readonly<Record<string, Progress>>,
): { log: string; events: number }[] {
  return Object.entries(progress.cursors)
    .map(([log, cursor]) => ({ log, events: Math.max(0, (services[log]?.head ?? cursor) - cursor) }))
    .filter(({ events }) => events > 0);
}

/** Nothing left to do, at work, or in need of a look. A service that has not read everything is at work, however quiet it is. */
export function stateOf(progress: Progress, services: Readonly<Record<string, Progress>>): State {
  const { held, work, unnumbered, head, published } = progress;
  if (held.dead > 0) return 'stuck';
  const unread = behind(progress, services).reduce((sum, { events }) => sum + events, 0);
  const open = held.retrying + held.waiting + work.due + work.leased + unnumbered + (head - published) + unread;
  return open > 0 ? 'busy' : 'still';
}

export function detailOf(progress: Progress, services: Readonly<Record<string, Progress>>): string {
  const { head, published, unnumbered, cursors, held, work } = progress;
  const late = new Map(behind(progress, services).map(({ log, events }) => [log, events]));
  const parts = [
    `${plural(head, 'event')} said`,
    ...(head > published ? [`${count(head - published)} not yet sent`] : []),
    ...(unnumbered > 0 ? [`${count(unnumbered)} not yet numbered`] : []),
    ...Object.entries(cursors).map(([log, cursor]) =>
      late.has(log) ? `${count(late.get(log)!)} behind ${log}` : `${log} read to ${count(cursor)}`,
    ),
    ...(work.due + work.leased > 0
      ? [`${count(work.leased)} in hand, ${count(work.due)} due, the oldest for ${work.oldestDueSeconds.toFixed(1)} s`]
      : []),
    ...(held.retrying > 0 ? [`${count(held.retrying)} tried again`] : []),
    ...(held.waiting > 0 ? [`${count(held.waiting)} waiting behind them`] : []),
    ...(held.dead > 0 ? [plural(held.dead, 'dead letter')] : []),
  ];
  return parts.join(' · ');
}
