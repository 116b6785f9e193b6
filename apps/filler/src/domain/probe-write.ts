import { randomMarker } from './fill-script.js';
import { seededRandom } from './seeded-random.js';

/** The write of one tick of a window: an entry with a marker of its own, the same whoever asks, so that no tick has two. */
export function probeWrite(windowId: string, n: number): { marker: string; text: string } {
  const marker = randomMarker(seededRandom(`window ${windowId} ${n}`));
  return { marker, text: `${marker} Written while its move was watched.` };
}

/** How many rows a list shows, by their texts; the bytes are searched, not parsed. Only to know whether it is full. */
export const rowsIn = (list: string): number => list.match(/"text"\s*:/g)?.length ?? 0;
