import { prepared } from './prepared.js';
import { outsideTraces } from './telemetry/spans.js';
import type { Tx } from './transaction.js';

/** Whose a row is: 1 for the first input, as `with ordinality` counts. */
export interface Asked {
  readonly ask: number;
}

/**
 * One statement for all who ask it at the same moment in one transaction: what is written for one costs many one run. Whoever asks
 * later gets a run of his own. An error of it is everybody's, as it is the transaction's.
 *
 * `sql` is a constant; `columns` gives its parameters for several inputs, as a rule one array for each column, for
 * `unnest($1::uuid[], …) with ordinality`. Rows must be of different inputs where they are written: nobody wins twice.
 */
export class SharedStatement<Input, Row extends Asked = Asked> {
  private readonly sql: string;
  private readonly asking = new WeakMap<Tx, Asking<Input, Row>[]>();

  constructor(
    sql: string,
    private readonly columns: (inputs: readonly Input[]) => readonly unknown[],
  ) {
    this.sql = prepared(sql);
  }

  ask(tx: Tx, input: Input): Promise<readonly Row[]> {
    return new Promise((resolve, reject) => {
      const one = { input, resolve, reject };
      const open = this.asking.get(tx);
      if (open) return void open.push(one);
      this.asking.set(tx, [one]);
      // A tick that a microtask asks for comes when all microtasks of this moment are done: then everybody has asked.
      queueMicrotask(() => process.nextTick(() => void this.run(tx)));
    });
  }

  /** For an input that is too large to travel with others. */
  async askAlone(tx: Tx, input: Input): Promise<readonly Row[]> {
    return tx.query<Row>(this.sql, this.columns([input]));
  }

  private async run(tx: Tx): Promise<void> {
    const asking = this.asking.get(tx)!;
    this.asking.delete(tx);
    try {
      const rowsOf = asking.map((): Row[] => []);
      for (const row of await this.query(tx, asking)) rowsOf[row.ask - 1]!.push(row);
      for (const [n, { resolve }] of asking.entries()) resolve(rowsOf[n]!);
    } catch (error) {
      for (const { reject } of asking) reject(error);
    }
  }

  /** What several share belongs to the trace of none. */
  private query(tx: Tx, asking: readonly Asking<Input, Row>[]): Promise<Row[]> {
    const parameters = this.columns(asking.map(({ input }) => input));
    const run = () => tx.query<Row>(this.sql, parameters);
    return asking.length === 1 ? run() : outsideTraces(run);
  }
}

interface Asking<Input, Row> {
  readonly input: Input;
  readonly resolve: (rows: readonly Row[]) => void;
  readonly reject: (error: unknown) => void;
}
