import { Door } from './door.js';
import { buildFaults, type Fault, type FaultName } from './faults/catalogue.js';
import type { Bench, FaultAtWork, Next } from './faults/fault.js';
import { RowIds } from './row-ids.js';
import { Tally } from './tally.js';
import { Turns } from './turns.js';
import { Upstream } from './upstream.js';

export interface FaultyStudentConfig {
  /** The http:// address of the faithful app behind this door. */
  target: string;
  /** 0 takes a free port. */
  port: number;
  /** Where to listen; only this machine when not given. */
  host?: string;
  /** What goes wrong, all of it on from the start. None: a plain reverse proxy. */
  faults: Fault[];
  /** For what is shuffled. The same seed and the same requests give the same answers. */
  seed?: number;
}
export interface FaultyStudent {
  url: string;
  port: number;
  /** What goes wrong, in the order in which it stands in the way of a request. */
  readonly faults: readonly { name: FaultName; sentence: string; on: boolean }[];
  /** Switches all faults of a name. Resolves when it is done: late writes stored, a shut port open again. */
  switchFault(name: FaultName, on: boolean): Promise<void>;
  /** What really happened so far. */
  readonly tally: Tally;
  /** Stores the writes that are late, answers what is under way, then closes. May be called again. */
  close(): Promise<void>;
}
interface Switched {
  name: FaultName;
  work: FaultAtWork;
  on: boolean;
}

/** Starts a student's app that misbehaves exactly as told. Throws one sentence when a fault or an address is wrong. */
export async function bootstrap(config: FaultyStudentConfig): Promise<FaultyStudent> {
  const { host = '127.0.0.1', seed = 1 } = config;
  const upstream = new Upstream(config.target);
  const tally = new Tally();
  const door = new Door((exchange) => answer(exchange));
  const ids = { entry: new RowIds(), mood: new RowIds() };
  const bench: Bench = { ids, tally, turns: new Turns(), seed, now: Date.now, port: door };
  const faults: Switched[] = buildFaults(config.faults, bench).map((fault) => ({ ...fault, on: true }));
  const answer = inTurns(
    chainOf(faults, (exchange) => upstream.send(exchange)),
    faults,
    bench,
  );
  const port = await door.open(config.port, host);
  let closing: Promise<void> | undefined;
  const closeAll = async () => {
    for (const fault of faults) if (fault.on) await turn(fault, false);
    await door.close();
    upstream.close();
  };
  for (const { work } of faults) await work.turned?.(true);
  return {
    url: `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`,
    port,
    tally,
    get faults() {
      return faults.map(({ name, work, on }) => ({ name, sentence: work.sentence, on }));
    },
    async switchFault(name, on) {
      const found = faults.filter((fault) => fault.name === name);
      if (found.length === 0) throw new Error(`This app has no fault "${name}".`);
      for (const fault of found) {
        if (fault.on !== on) await turn(fault, on);
      }
    },
    close: () => (closing ??= closeAll()),
  };
}

async function turn(fault: Switched, on: boolean): Promise<void> {
  fault.on = on;
  await fault.work.turned?.(on);
}

/** One way through all faults, the first one outermost, with the app at its end. */
function chainOf(faults: readonly Switched[], app: Next): Next {
  return faults.reduceRight<Next>((next, fault) => {
    const { work } = fault;
    return (exchange) => {
      if (fault.on) return work.around(exchange, next);
      return work.aside ? work.aside(exchange, next) : next(exchange);
    };
  }, app);
}

/** Counts each exchange; writes of one kind come one after the other when a fault needs their order. */
function inTurns(next: Next, faults: readonly Switched[], { tally, turns }: Bench): Next {
  const ordered = faults.some(({ work }) => work.ordersWrites);
  return (exchange) => {
    tally.see(exchange);
    return ordered && exchange.write ? turns.take(exchange.write, () => next(exchange)) : next(exchange);
  };
}
