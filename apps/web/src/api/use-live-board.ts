import { useSyncExternalStore } from 'react';
import { LiveBoard, type LiveState } from './live-board.js';

const live = new LiveBoard();

/** The live board; the connection opens with the first part of the page that uses it, and is shared by all. */
export const useLiveBoard = (): LiveState => useSyncExternalStore(live.subscribe, live.snapshot);
