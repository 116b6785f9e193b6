import type { WritePayload } from '#libs/contracts/src/filler.js';
import { findMarker } from '#libs/parity/src/marker.js';

/** Route and body of each kind of write, as the reference app takes them; a value travels as text, like its form sends it. */
export function requestOf(payload: WritePayload): { path: string; body: Record<string, string> } {
  if (payload.kind === 'entry') return { path: '/api/journal/entries', body: { text: payload.text } };
  if (payload.kind === 'mood') return { path: '/api/moods', body: { mood: payload.mood, note: payload.note } };
  return { path: '/api/server/values', body: { value: String(payload.value) } };
}

/** The form of each kind of write in the reference app's page: the id of its field, and what goes where. */
export function formOf(payload: WritePayload): { id: string; text: string; note: string | null } {
  if (payload.kind === 'entry') return { id: 'entry-input', text: payload.text, note: null };
  if (payload.kind === 'mood') return { id: 'mood-select', text: payload.mood, note: payload.note };
  return { id: 'legacy-value-input', text: String(payload.value), note: null };
}

/**
 * What only this write's request has in its body, however the page encodes it: the marker's digits, without the `~` that a form
 * turns into `%7E`; or the value.
 */
export function needleOf(payload: WritePayload): string {
  if (payload.kind === 'value') return String(payload.value);
  const text = payload.kind === 'entry' ? payload.text : payload.note;
  return (findMarker(text) ?? text).replace('~', '');
}

/** Whether two paths lead to one route, as routers see it: without query, doubled or last slashes, in any case of letters. */
export const sameRoute = (path: string, other: string): boolean => routeOf(path) === routeOf(other);

export const routeOf = (path: string): string =>
  (path.split('?')[0] ?? '').replace(/\/{2,}/g, '/').replace(/\/$/, '').toLowerCase(); // prettier-ignore
