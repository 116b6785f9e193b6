import { promisify } from 'node:util';
import { constants, gunzip, zstdCompress, zstdCompressSync, zstdDecompress } from 'node:zlib';
import type { Endpoint } from '../domain/endpoints.js';
import type { EndpointLook, Look } from '../domain/look.js';
import type { Obligation } from '../domain/obligation.js';
import type { FetchedBody, FetchedPair, JudgeJob, JudgePart } from './judge-job.js';

/**
 * What a look was judged from, as it is kept: one text of everything but the bodies, then the bodies as they came, all of it
 * compressed: by zstd, and until November 2026 by gzip. Nobody reads the bodies here; they go back to a judge as they are.
 */

/** Larger looks are judged, and not kept. */
const evidenceBytesMax = 16 * 1024 * 1024;
/** Packed at once, in 0.2 ms at most: to hand it to another thread takes as long. */
const atOnceBytesMax = 256 * 1024;
/** The fastest level that packs as well as gzip did. */
const level = { [constants.ZSTD_c_compressionLevel]: 1 };
const squeeze = promisify(zstdCompress);
const unsqueeze = { zstd: promisify(zstdDecompress), gzip: promisify(gunzip) };
const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

type KeptBody = Omit<Extract<FetchedBody, { ok: true }>, 'body'> & { readonly bytes: number };
interface KeptPair {
  readonly path: string;
  readonly baseline: KeptBody | Extract<FetchedBody, { ok: false }>;
  readonly app: KeptBody | Extract<FetchedBody, { ok: false }>;
}
type KeptPart = KeptPair &
  Pick<JudgePart, 'ledger'> & {
    readonly shadow?: { readonly fetched: KeptPair['app']; readonly common: readonly Obligation[] };
  };
interface KeptJob extends Omit<JudgeJob, 'parts' | 'later'> {
  readonly parts: readonly KeptPart[];
  readonly later?: readonly KeptPair[];
}

/** Null: too large to be kept. */
export async function packed(jobs: readonly JudgeJob[]): Promise<Uint8Array | null> {
  const bodies: Uint8Array[] = [];
  const body = (fetched: FetchedBody) => {
    if (!fetched.ok) return fetched;
    const { body: bytes, ...rest } = fetched;
    bodies.push(bytes);
    return { ...rest, bytes: bytes.length };
  };
  const pair = ({ endpoint, baseline, app }: FetchedPair): KeptPair => ({
    path: endpoint.path,
    baseline: body(baseline),
    app: body(app),
  });
  const kept = jobs.map(({ parts, later, ...job }): KeptJob => ({
    ...job,
    parts: parts.map(({ ledger, shadow, ...part }) => ({
      ...pair(part),
      ledger,
      ...(shadow ? { shadow: { ...shadow, fetched: body(shadow.fetched) } } : {}),
    })),
    ...(later ? { later: later.map(pair) } : {}),
  }));
  const text = Buffer.from(JSON.stringify(kept));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const whole = Buffer.concat([length, text, ...bodies]);
  if (whole.length > evidenceBytesMax) return null;
  const how = { params: level, pledgedSrcSize: whole.length };
  return whole.length <= atOnceBytesMax ? zstdCompressSync(whole, how) : squeeze(whole, how);
}

/** The jobs as they were, for these endpoints; what is no longer compared is left out. Throws when it is larger than was ever kept. */
export async function unpacked(bytes: Uint8Array, endpoints: readonly Endpoint[]): Promise<JudgeJob[]> {
  const whole = await unsqueeze[isGzip(bytes) ? 'gzip' : 'zstd'](bytes, { maxOutputLength: evidenceBytesMax });
  const textEnd = 4 + whole.readUInt32LE(0);
  const kept = JSON.parse(whole.toString('utf8', 4, textEnd)) as KeptJob[];
  let place = textEnd;
  const body = (one: KeptPair['app']): FetchedBody => {
    if (!one.ok) return one;
    const { bytes: length, ...rest } = one;
    place += length;
    return { ...rest, body: new Uint8Array(whole.subarray(place - length, place)) };
  };
  /** Every body is read, so that the next one is found, whether its endpoint is still compared or not. */
  const pairs = <Kept extends KeptPair>(some: readonly Kept[]) =>
    some.flatMap(({ path, baseline, app, ...rest }) => {
      const both = { baseline: body(baseline), app: body(app) };
      const { shadow } = rest as Partial<KeptPart>;
      const third = shadow ? { shadow: { ...shadow, fetched: body(shadow.fetched) } } : {};
      const endpoint = endpoints.find((one) => one.path === path);
      return endpoint ? [{ ...rest, ...both, ...third, endpoint }] : [];
    });
  return kept.map(({ parts, later, ...job }) => ({
    ...job,
    parts: pairs(parts) as JudgePart[],
    ...(later ? { later: pairs(later) as FetchedPair[] } : {}),
  }));
}

/** One look of what was found: figures that were read once more take the place of those that did not follow. */
export function lookOf(
  { now, parts }: JudgeJob,
  fillsClosed: number,
  [endpoints, again]: readonly [readonly EndpointLook[], readonly EndpointLook[]],
): Look {
  return {
    at: now,
    acknowledged: parts.reduce((sum, part) => sum + part.ledger.acknowledged, 0),
    fillsClosed,
    endpoints: endpoints.map((endpoint) => again.find(({ path }) => path === endpoint.path) ?? endpoint),
  };
}
