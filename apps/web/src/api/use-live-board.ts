import { useSyncExternalStore } from 'react';
import { LiveBoard, type LiveState } from './live-board.js';
import { queryClient } from './queries.js';

const live = new LiveBoard();

/** To be called when somebody has signed in or out: staff see more than others while the scoreboard is frozen. */
export const seeAsAnother = (): void => {
  live.beginAnew();
  void queryClient.invalidateQueries();
};

/** The live board; the connection opens with the first part of the page that uses it, and is shared by all. */
export const useLiveBoard = (): LiveState => useSyncExternalStore(live.subscribe, live.snapshot);
