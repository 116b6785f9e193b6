import type { BoardUpdate } from '#libs/contracts/src/gateway.js';
import type { LogLine } from '#libs/contracts/src/leaderboard.js';
import { applyUpdate, emptyBoard, withLines, type BoardState } from './board-state.js';
import { call } from './call.js';
import { clock } from './clock.js';

/**
 * Life: closed → connecting → live ⇄ reconnecting → closed.
 * Live is only what the server has just proved: a stream that says nothing for a while is opened again, since a dead line
 * looks exactly like a quiet board.
 */
export type Connection = 'connecting' | 'live' | 'reconnecting';

export interface LiveState {
  readonly connection: Connection;
  /** When the board was last known to be right, by this computer's clock. */
  readonly lastHeardAt: number | null;
  readonly board: BoardState;
}

const drawEveryMs = 250;
const proofAfterMs = 30_000;
const proofDeadlineMs = 5_000;
const closeWhenHiddenMs = 60_000;
const closeWhenUnusedMs = 5_000;
const retryMs = { first: 2_000, max: 30_000 };

/** The one live connection of this page, open while somebody looks. */
export class LiveBoard {
  private state: LiveState = { connection: 'connecting', lastHeardAt: null, board: emptyBoard };
  private readonly listeners = new Set<() => void>();
  private waiting: BoardUpdate[] = [];
  private source: EventSource | undefined;
  private proof: ReturnType<typeof setTimeout> | undefined;
  private drawing: ReturnType<typeof setTimeout> | undefined;
  private drawnAt = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private closing: ReturnType<typeof setTimeout> | undefined;
  private refusals = 0;

  readonly snapshot = (): LiveState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    this.keepOpen();
    if (this.listeners.size === 1) document.addEventListener('visibilitychange', this.onVisibility);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      document.removeEventListener('visibilitychange', this.onVisibility);
      this.closeIn(closeWhenUnusedMs);
    };
  };

  /** Somebody signed in or out. While the board is frozen staff see another one: it is told anew, and its log too. */
  readonly beginAnew = (): void => {
    const { board } = this.state;
    this.close();
    this.set({ board: { ...board, revision: 0, log: board.frozen ? [] : board.log } });
    if (this.listeners.size > 0) this.open();
  };

  private readonly onVisibility = (): void => {
    if (document.visibilityState === 'hidden') this.closeIn(closeWhenHiddenMs);
    else this.keepOpen();
  };

  private keepOpen(): void {
    clearTimeout(this.closing);
    if (!this.source && !this.retry) this.open();
  }

  private closeIn(ms: number): void {
    clearTimeout(this.closing);
    this.closing = setTimeout(() => {
      this.close();
      this.set({ connection: this.state.lastHeardAt === null ? 'connecting' : 'reconnecting' });
    }, ms);
  }

  private open(): void {
    const { revision } = this.state.board;
    const source = new EventSource(revision > 0 ? `/api/v1/events?after=${revision}` : '/api/v1/events');
    this.source = source;
    let isNew = true;
    source.addEventListener('open', () => (isNew = true));
    source.addEventListener('board', (event: MessageEvent<string>) => {
      this.heard(JSON.parse(event.data) as BoardUpdate);
      if (isNew) void this.fetchLog();
      isNew = false;
    });
    source.addEventListener('error', () => this.lost(source));
    this.expectWord(proofDeadlineMs, () => this.giveUp());
  }

  private heard(update: BoardUpdate): void {
    this.refusals = 0;
    if (!update.missing.includes('leaderboard') && !update.frozen?.hides) clock.learn(update.asOf);
    this.expectWord(proofAfterMs, () => this.reopen());
    this.waiting.push(update);
    this.drawing ??= setTimeout(() => this.draw(), Math.max(0, this.drawnAt + drawEveryMs - Date.now()));
  }

  private draw(): void {
    this.drawing = undefined;
    this.drawnAt = Date.now();
    const wasHiding = this.state.board.frozen?.hides ?? false;
    const board = this.waiting.reduce(applyUpdate, this.state.board);
    this.waiting = [];
    this.set({ connection: 'live', lastHeardAt: this.drawnAt, board });
    if (wasHiding && !board.frozen?.hides) void this.fetchLog(); // what was hidden until the thaw
  }

  /** The browser comes back by itself with the last revision, unless the server refused: then we do, less and less often. */
  private lost(source: EventSource): void {
    if (this.state.connection === 'live') this.set({ connection: 'reconnecting', lastHeardAt: Date.now() });
    if (source.readyState === EventSource.CLOSED) this.openLater();
    else this.expectWord(retryMs.max, () => this.giveUp());
  }

  private openLater(): void {
    this.close();
    const waitMs = Math.min(retryMs.max, retryMs.first * 2 ** this.refusals++) * (0.75 + Math.random() / 2);
    this.retry = setTimeout(() => {
      this.retry = undefined;
      this.open();
    }, waitMs);
  }

  private expectWord(withinMs: number, otherwise: () => void): void {
    clearTimeout(this.proof);
    this.proof = setTimeout(otherwise, withinMs);
  }

  /** The server answers a new connection at once: either it does, or the board is not live. */
  private reopen(): void {
    this.close();
    this.open();
  }

  private giveUp(): void {
    if (this.state.connection === 'live') this.set({ connection: 'reconnecting' });
    this.openLater();
  }

  private async fetchLog(): Promise<void> {
    const after = this.state.board.log.at(-1)?.line ?? 0;
    try {
      const { lines } = await call<{ lines: LogLine[] }>(`/api/v1/board/log?after=${after}`);
      this.set({ board: { ...this.state.board, log: withLines(this.state.board.log, lines) } });
    } catch {
      // the board is whole without its log; the next connection asks again
    }
  }

  private close(): void {
    clearTimeout(this.proof);
    clearTimeout(this.retry);
    this.retry = undefined;
    this.source?.close();
    this.source = undefined;
  }

  private set(change: Partial<LiveState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
