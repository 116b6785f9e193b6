import { useSyncExternalStore } from 'react';
import { clock } from '../api/clock.js';

/** Something that depends on the time; whoever uses it is drawn again only when it is another. */
export const useTimed = <T extends string | boolean | number>(value: () => T): T =>
  useSyncExternalStore(clock.subscribe, value);
