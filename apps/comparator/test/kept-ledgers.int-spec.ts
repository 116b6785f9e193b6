import { randomUUID } from 'node:crypto';
import { schema } from '../src/bootstrap.js';
import { carriedMax, opened } from '../src/domain/kept-ledger.js';
import type { Ledger, Obligation } from '../src/domain/obligation.js';
import { AppRepository } from '../src/persistence/app.repository.js';
import { CanaryRepository } from '../src/persistence/canary.repository.js';
import { FillRepository } from '../src/persistence/fill.repository.js';
import { LedgerRepository } from '../src/persistence/ledger.repository.js';
import type { WriteKind, WriteOutcome } from '#libs/contracts/src/filler.js';
import { markerOfNumber } from '#libs/parity/src/marker.js';
import type { Database } from '#libs/platform/src/database.js';
import { seededRandom } from '#libs/testing/src/seeded-random.js';
import { TestDatabase } from '#libs/testing/src/test-database.js';

// Goal: what the database gives of a ledger in one statement is what one would find by going through every write, whatever an app has
// been through: late, away, moved in the middle of a fill, refusing for long, asked as of a fill that is not the newest.
const at = (minute: number): string => new Date(Date.UTC(2026, 10, 20, 0, 0, minute * 60)).toISOString();
const between = (random: () => number, from: number, to: number): number => from + Math.floor(random() * (to - from));
const kinds = ['entry', 'mood', 'value'] as const satisfies readonly WriteKind[];

interface Written extends Obligation {
  readonly outcome: WriteOutcome;
}
interface Fill {
  readonly number: number;
  readonly requested: number;
  readonly closed: number | null;
  readonly writes: readonly Written[];
}
interface Played {
  readonly appId: string;
  readonly joined: number;
  readonly moves: readonly number[];
  readonly fills: readonly Fill[];
}

/** Every seventh fill is large, so that what is carried is cut; every tenth lasts for a day. */
const lengthOf = (number: number): number => (number % 10 === 0 ? 1_440 : 4);
const writesIn = (number: number): number => (number % 7 === 0 ? 240 : 9);
const fillCount = 30;

function played(random: () => number): Played {
  const moves = random() < 0.5 ? [between(random, 10, 150), between(random, 150, 300)] : [];
  const refuses = [between(random, 0, fillCount), between(random, 0, fillCount)].toSorted((a, b) => a - b);
  const fills = Array.from({ length: fillCount }, (_, i): Fill => {
    const number = i + 1;
    const [requested, count] = [number * 10, writesIn(number)];
    const isRefusing = number >= refuses[0]! && number < refuses[1]!;
    const writes = Array.from({ length: count }, (_, index): Written => {
      const kind = kinds[index % 3]!;
      const n = number * 1_000 + index;
      const marker = kind === 'value' ? `#${n}` : markerOfNumber(n * 7_919);
      const payload = kind === 'entry' ? { kind, text: marker } : kind === 'mood' ? { kind, mood: 'calm', note: `"é" ${marker}` } : { kind, value: n }; // prettier-ignore
      const outcome = isRefusing ? 'refused' : random() < 0.1 ? 'unknown' : 'acknowledged';
      const acknowledgedAt = outcome === 'acknowledged' ? at(requested + (index / count) * lengthOf(number)) : null;
      return { marker, payload, fill: number, index, outcome, acknowledgedAt, sentAt: at(requested) };
    });
    return { number, requested, closed: random() < 0.1 ? null : requested + lengthOf(number), writes };
  });
  return { appId: randomUUID(), joined: between(random, 0, 100), moves, fills };
}

/** The same by the words of the README: what obliges, the newest of it, and beside it the newest of what does not. */
function expected({ joined, moves, fills }: Played, kind: WriteKind, closedFill: number): Ledger {
  const isOwed = ({ fill, outcome, acknowledgedAt }: Written) => {
    const { number, requested, closed } = fills[fill - 1]!;
    if (outcome !== 'acknowledged' || closed === null || number > closedFill || requested < joined) return false;
    return !moves.some((move) => move > requested && at(move) <= acknowledgedAt!);
  };
  const all = fills.flatMap(({ writes }) => writes).filter(({ payload }) => payload.kind === kind);
  const max = carriedMax[kind] ?? Infinity;
  const owed = all.filter(isOwed);
  const obligations = owed.slice(-max);
  const first = obligations[0]?.fill ?? Infinity;
  const others = kind === 'value' ? [] : all.filter((one) => !isOwed(one) && one.fill >= first).slice(-max);
  const plain = (some: readonly Written[]): Obligation[] => some.map(({ outcome: _, ...write }) => write);
  return { acknowledged: owed.length, obligations: plain(obligations), others: plain(others), canaries: [] };
}

describe('a ledger, as it is kept', () => {
  let server: TestDatabase;
  let database: Database;
  const [apps, fills, ledger] = [new AppRepository(), new FillRepository(), new LedgerRepository(new CanaryRepository())]; // prettier-ignore

  beforeAll(async () => {
    server = await TestDatabase.start();
    database = await server.open('comparator', schema.migrations);
  });
  afterAll(() => server?.stop());

  const store = (all: readonly Played[], world: readonly Fill[]) =>
    database.transaction(async (tx) => {
      await tx.query('truncate app, fill, ledger_write, ledger_part cascade');
      const targets = [{ targetId: randomUUID(), role: 'baseline', name: 'baseline', url: 'http://b.example' }];
      for (const { number, requested, closed } of world) {
        await fills.open(tx, { fillId: randomUUID(), number, iterations: 1, requestedAt: at(requested), targets } as never); // prettier-ignore
        if (closed !== null) await fills.close(tx, { fillId: randomUUID(), number, closedAt: at(closed) } as never);
      }
      for (const { appId, joined, moves, fills: own } of all) {
        const join = (url: string, moment: number) => apps.join(tx, { appId, name: 'app', url, joinedAt: at(joined) }, new Date(at(moment))); // prettier-ignore
        await join('http://0.example', joined);
        for (const moment of moves) await join(`http://${moment}.example`, moment);
        for (const { number, writes } of own)
          await ledger.addWrites(tx, { targetId: appId, number, writes: writes.map(({ acknowledgedAt, ...write }) => ({ ...write, answeredAt: acknowledgedAt })) } as never); // prettier-ignore
      }
    });
  const openedOf = (of: readonly Played[], closedFill: number) =>
    database.transaction((tx) =>
      Promise.all(
        of.map(async ({ appId, joined }) => {
          const found = await ledger.ledgers(
            tx,
            { appId, joinedAt: at(joined) },
            { closedFill, history: 'since-join' },
          );
          return kinds.map((kind) => opened(kind, found[kind]));
        }),
      ),
    );

  it.each([1, 2, 3])('is what going through every write finds (seed %i)', async (seed) => {
    const random = seededRandom(seed);
    const world = played(random).fills;
    const all = Array.from({ length: 8 }, () => {
      const one = played(random);
      return { ...one, fills: one.fills.map((fill, i) => ({ ...fill, closed: world[i]!.closed })) };
    });
    await store(all, world);
    expect(all.filter(({ moves }) => moves.length > 0).length).toBeGreaterThan(0);
    for (const closedFill of [fillCount, 17, 0]) {
      const found = await openedOf(all, closedFill);
      for (const [n, app] of all.entries()) expect(found[n]).toEqual(kinds.map((kind) => expected(app, kind, closedFill))); // prettier-ignore
    }
  });

  it('holds every write once, however often it is told of it', async () => {
    const one = played(seededRandom(4));
    await store([one], one.fills);
    const [before] = await openedOf([one], fillCount);
    await database.transaction(async (tx) => {
      const { number, writes } = one.fills[6]!;
      const again = writes.map(({ acknowledgedAt, ...write }) => ({ ...write, answeredAt: acknowledgedAt }));
      await ledger.addWrites(tx, { targetId: one.appId, number, writes: again } as never);
    });
    expect(await openedOf([one], fillCount)).toEqual([before]);
  });

  it('is gone with the writes that it was put together from', async () => {
    const one = played(seededRandom(5));
    await store([one], one.fills);
    const count = async (table: string) => (await database.query(`select from ${table}`)).length;
    expect(await count('ledger_part')).toBeGreaterThan(0);
    const open = new Set(one.fills.filter(({ closed }) => closed === null).map(({ number }) => number));
    await database.transaction((tx) => ledger.sweep(tx, new Date(at(9_999)), 9_999));
    const left = one.fills.flatMap(({ number, writes }) => (open.has(number) ? writes : []));
    expect(await count('ledger_write')).toBe(left.length);
    expect(await count('ledger_part')).toBe(open.size * kinds.length);
  });
});
