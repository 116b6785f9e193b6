import { judgeLook } from './judge-look.js';
import type { FetchedBody, JudgePart } from './judge-job.js';
import type { Canary } from '../domain/canaries.js';
import { endpoints } from '../domain/endpoints.js';
import { settled } from '../domain/lasting.js';
import { verdictOfLook, type Look } from '../domain/look.js';
import { emptyLedger, type Obligation } from '../domain/obligation.js';
import { suspicionsOf } from '../domain/suspicions.js';
import type { WriteKind, WritePayload } from '#libs/contracts/src/filler.js';
import { markerOfNumber } from '#libs/parity/src/marker.js';
import { seededRandom } from '#libs/testing/src/seeded-random.js';

// Goal: nobody honest is ever accused, and every kind of cheater is. Method: whole labs from a seed, with fills, canaries, strangers,
// clocks that are off, apps that began with a copy of the baseline, and rivals who write the baseline's rows into the apps of others.
const runs = 100;
const dayStart = Date.UTC(2026, 10, 20, 8);
const kinds = ['entry', 'mood', 'value'] as const;

interface Stored {
  readonly kind: WriteKind;
  readonly fill: number;
  readonly row: Record<string, unknown>;
}
type Write = Pick<Obligation, 'marker' | 'payload' | 'fill' | 'index'>;
type Behaviour = 'empty' | 'from a copy' | 'restored' | 'framed' | 'proxy' | 'copy';

function labOf(seed: number, behaviour: Behaviour) {
  const random = seededRandom(seed);
  const below = (n: number) => Math.floor(random() * n);
  let serial = 0;
  const payloadOf = (kind: WriteKind, isCanary: boolean): Pick<Write, 'marker' | 'payload'> => {
    const value = (isCanary ? 2 ** 30 : 0) + below(2 ** 20) * 1_000 + (serial += 1);
    const marker = markerOfNumber(value * 97 + 13);
    const payloads: Record<WriteKind, WritePayload> = {
      entry: { kind: 'entry', text: `${marker} a walk` },
      mood: { kind: 'mood', mood: 'calm', note: `${marker} slept well` },
      value: { kind: 'value', value },
    };
    return { marker: kind === 'value' ? `#${value}` : marker, payload: payloads[kind] };
  };
  const idsFrom = below(500);
  let ids = 0;
  const precisionMs = [1, 1, 1_000][below(3)]!;
  const stored = ({ payload, fill }: Write, at: number, cutMs = 1): Stored => {
    const { kind, ...fields } = payload;
    const created_at = new Date(Math.floor(at / cutMs) * cutMs).toISOString();
    return { kind, fill, row: kind === 'value' ? { number: (payload as { value: number }).value } : { id: (ids += 1), ...fields, created_at } }; // prettier-ignore
  };
  const fills = 3 + below(6);
  const joinedAfter = behaviour === 'empty' ? below(2) : below(fills - 2);
  // Away for one fill, and restored from a copy of the baseline after it, whose rows take the place of its own.
  const gap = behaviour === 'restored' ? joinedAfter + 1 + below(fills - joinedAfter) : 0;
  const skewMs = (below(3) - 1) * below(600_000);
  const baseline: Stored[] = [];
  const app: Stored[] = [];
  const obligations: Obligation[] = [];
  const canaries: (Omit<Canary, 'isBeforeGap'> & { readonly kind: WriteKind })[] = [];
  const write = (fill: number, index: number, kind: WriteKind, isCanary: boolean) => {
    const one: Write = { ...payloadOf(kind, isCanary), fill, index };
    const at = dayStart + fill * 120_000 + index * 700 + below(700);
    baseline.push(stored(one, at));
    const acknowledgedAt = new Date(at + below(3_000)).toISOString();
    if (isCanary) canaries.push({ ...one, kind, writtenAt: acknowledgedAt });
    else if (fill > joinedAfter && fill !== gap) {
      obligations.push({ ...one, acknowledgedAt });
      app.push(stored(one, at + skewMs + below(2_000), precisionMs));
    }
  };
  for (let fill = 1; fill <= fills; fill += 1) {
    kinds.forEach((kind, index) => write(fill, index, kind, false));
    write(fill, 3, 'value', true);
    write(fill, 4, fill % 2 === 1 ? 'entry' : 'mood', true);
    if (fill === joinedAfter && behaviour === 'from a copy') app.push(...baseline);
    if (fill === gap) app.splice(0, app.length, ...baseline);
  }
  for (let n = below(4); n > 0; n -= 1) app.push(stored({ ...payloadOf(kinds[below(3)]!, false), fill: 0, index: 0 }, dayStart + below(1e6))); // prettier-ignore
  if (behaviour === 'framed')
    for (const one of canaries)
      app.push(stored({ ...one, index: 0 }, Date.parse(one.writtenAt) + 5_000 + below(9_000) + skewMs, precisionMs));
  const copiedAt = joinedAfter + 2 + below(fills - joinedAfter - 1);
  const shown: Record<Behaviour, readonly Stored[]> = {
    ...{ empty: app, 'from a copy': app, restored: app, framed: app, proxy: baseline },
    copy: baseline.filter(({ fill }) => fill <= copiedAt),
  };
  const shift = (rows: readonly Stored[]) =>
    rows.map(({ kind, row, ...rest }) => ({ ...rest, kind, row: kind === 'value' || !('id' in row) ? row : { ...row, id: Number(row['id']) + idsFrom } })); // prettier-ignore
  const rows = behaviour === 'proxy' || behaviour === 'copy' ? shown[behaviour] : shift(shown[behaviour]);
  const telling = canaries.flatMap((one) =>
    one.fill > joinedAfter && one.fill !== gap ? [{ ...one, isBeforeGap: one.fill < gap }] : [],
  );
  return { baseline, rows, obligations, telling, now: new Date(dayStart + (fills + 3) * 120_000).toISOString() };
}

const answered = (rows: readonly Stored[], kind: WriteKind, now: string): FetchedBody => {
  const list = rows.flatMap((one) => (one.kind === kind ? [one.row] : [])).toReversed();
  const body = new TextEncoder().encode(JSON.stringify({ rows: list }));
  const fetched = { url: 'http://a.example/x', status: 200, bodyBytes: body.length, totalMs: 1, problem: null };
  return { ok: true, fetched, body, clock: now };
};

function judged(seed: number, behaviour: Behaviour) {
  const { baseline, rows, obligations, telling, now } = labOf(seed, behaviour);
  const parts = kinds.map((kind): JudgePart => {
    const own = obligations.filter(({ payload }) => payload.kind === kind);
    const ledger = { ...emptyLedger, acknowledged: own.length, obligations: own, canaries: telling.filter((one) => one.kind === kind) }; // prettier-ignore
    const endpoint = endpoints.find((one) => one.kind === kind)!;
    return { endpoint, baseline: answered(baseline, kind, now), app: answered(rows, kind, now), ledger };
  });
  const looks = [0, 3_000, 10_000].map((lateMs): Look => {
    const at = new Date(Date.parse(now) + lateMs).toISOString();
    const found = judgeLook({ now: at, seed: [seed, 7], slack: 0, acknowledgedEntries: 0, parts });
    return { at, acknowledged: obligations.length, fillsClosed: 1, endpoints: found.endpoints };
  });
  const newest = settled(looks)!;
  return { verdict: verdictOfLook(newest), strengths: new Set(suspicionsOf(looks, newest).map(({ strength }) => strength)) }; // prettier-ignore
}

describe('over many labs', () => {
  /** Of the rows that only the baseline was sent it shows none but those it began with. */
  const isFree = (behaviour: Behaviour) => behaviour === 'empty' || behaviour === 'from a copy';
  const seeds = Array.from({ length: runs }, (_, seed) => seed + 1);

  it.each(['empty', 'from a copy', 'restored', 'framed'] as const)(
    'an honest app, %s, is in sync and never accused',
    (behaviour) => {
      const wrong = seeds.filter((seed) => {
        const { verdict, strengths } = judged(seed, behaviour);
        return verdict !== 'in-sync' || strengths.has('proof') || (isFree(behaviour) && strengths.size > 0);
      });
      expect(wrong).toEqual([]);
    },
  );

  it.each(['proxy', 'copy'] as const)('a %s of the baseline is out of sync, and staff have the proof', (behaviour) => {
    const missed = seeds.filter((seed) => {
      const { verdict, strengths } = judged(seed, behaviour);
      return verdict !== 'out-of-sync' || !strengths.has('proof');
    });
    expect(missed).toEqual([]);
  });
});
