/** What a producer tells of its log beside the rows. */
export interface LogState {
  readonly logId: string;
  /** The highest number given. */
  readonly head: number;
  /** Rows up to here are gone: every reader in the catalogue had them. */
  readonly pruned: number;
}

const whatToDo =
  'Nothing is read from it until that is put right. Restore both databases from backups of the same moment; or, to begin anew with ' +
  'this log, delete the rows of this log from the tables cursor, applied and held of this service.';

/**
 * Numbers say nothing by themselves: a database that was restored, or made anew, counts from a lower number again, and so does
 * another installation on the same broker. A cursor belongs to one log. When rows do not follow on what was read, reading on would
 * lose or double events silently: then there is a `problem`, for the log and for /readyz.
 */
export class LogIdentity {
  private logId: string | null = null;
  problem: string | undefined;

  constructor(private readonly producer: string) {}

  /** The cursor belongs to this log; null while nothing was read. */
  readOf(logId: string | null): void {
    this.logId = logId;
    this.problem = undefined;
  }

  /** Whether rows of this log may follow on what was read. */
  isOf(logId: string): boolean {
    if (this.logId !== null && this.logId !== logId)
      this.refuse(`The log of ${this.producer} is another one than was read so far.`);
    return this.problem === undefined;
  }

  /** Whether the log reaches up to the cursor, and still reaches back to it. */
  goesOn({ logId, head, pruned }: LogState, cursor: number): boolean {
    if (!this.isOf(logId)) return false;
    if (head < cursor)
      this.refuse(`The log of ${this.producer} ends at ${head} and was read up to ${cursor}: it has gone back.`);
    if (cursor > 0 && pruned > cursor)
      this.refuse(
        `The log of ${this.producer} begins after ${pruned} and was read up to ${cursor}: our cursor has gone back.`,
      );
    return this.problem === undefined;
  }

  private refuse(what: string): void {
    this.problem = `${what} ${whatToDo}`;
  }
}
