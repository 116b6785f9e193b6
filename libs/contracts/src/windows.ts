import { z } from 'zod';
import { command, event, query, type ReplyOf } from './contract.js';
import { actor, count, id, instant } from './shapes.js';

/**
 * A window: "my cutover begins now". Submission decides who may declare one, the filler probes the app while it lasts, and says what
 * was seen. Times named `…Ms` without a clock are ms from the begin of the window.
 */

/** Longer than any window: nobody is asked to watch for hours. */
export const windowSeconds = z.int().min(1).max(1_800);
/** What people may ask for: a shorter one can prove nothing. */
export const windowSecondsMin = 15;
/** Probing several apps at once costs us time that their figures would show. */
export const windowsAtOnceMax = 8;

/** By the app's owner (token) or by staff. One window of an app at a time, few in all. */
export const DeclareWindow = command(
  'DeclareWindow',
  z.object({ appId: id, seconds: windowSeconds, ownerToken: z.string().max(100).optional(), by: actor }),
  z.object({ windowId: id, appId: id, appName: z.string(), seconds: z.int(), declaredAt: instant }),
);

export const ProbeWindowDeclared = event(
  'ProbeWindowDeclared',
  z.object({
    windowId: id,
    appId: id,
    appName: z.string(),
    url: z.string(),
    seconds: windowSeconds,
    declaredBy: actor,
    declaredAt: instant,
  }),
  (data) => data.appId,
);

export const proofVerdict = z.enum(['proven', 'not-proven', 'violated']);
export type ProofVerdict = z.infer<typeof proofVerdict>;
const reasons = z.array(z.string());

/** The window is over, and judged. `head`: the last hash of its evidence. `declaredAt`: not said by older fillers. */
export const ProbeWindowClosed = event(
  'ProbeWindowClosed',
  z.object({
    windowId: id,
    appId: id,
    appName: z.string(),
    verdict: proofVerdict,
    reasons,
    downtimeMs: z.object({ read: count, write: count }),
    lost: count,
    head: z.string(),
    declaredAt: instant.optional(),
    closedAt: instant,
  }),
  (data) => data.appId,
);

const outage = z.object({ fromMs: count, toMs: count, failed: count, why: z.string(), isOpen: z.boolean() });
const ofClass = z.object({ sent: count, ok: count, failed: count, downtimeMs: count, outages: z.array(outage) });
const latency = z.object({ reads: count, p50Ms: count.nullable(), p99Ms: count.nullable() });
const markers = z.array(z.string());

export const proofFigures = z.object({
  classes: z.object({ read: ofClass, write: ofClass, 'read-your-write': ofClass }),
  longestGapMs: count,
  blindMs: count,
  longestBlindMs: count,
  inWindow: latency,
  after: latency,
  writes: z.object({
    acknowledged: count,
    refused: count,
    unknown: count,
    shown: count,
    lost: markers,
    unsure: markers,
  }),
  stale: count,
  alone: count,
});
export type ProofFigures = z.infer<typeof proofFigures>;

/** `due`: not begun. `open`: probed. `looking`: over, and its writes are looked for. `closed`: judged. */
export const windowState = z.enum(['due', 'open', 'looking', 'closed']);
export const stripCell = z.enum(['none', 'up', 'unseen', 'stale', 'down']);
export type StripCell = z.infer<typeof stripCell>;

const windowHead = z.object({
  windowId: id,
  appId: id,
  appName: z.string(),
  url: z.string(),
  declaredBy: z.string(),
  declaredAt: instant,
  opensAt: instant.nullable(),
  lengthMs: count,
  state: windowState,
  verdict: proofVerdict.nullable(),
  reasons,
  closedAt: instant.nullable(),
});
/** `atMs`: how far it has come. `figures` and `strip` are of what has been seen by then. `head` null: not closed, or no longer kept. */
export const probeWindow = windowHead.extend({
  atMs: count,
  readEveryMs: count,
  writeEveryMs: count,
  strip: z.array(stripCell),
  figures: proofFigures,
  head: z.string().nullable(),
});
export type ProbeWindow = z.infer<typeof probeWindow>;

export const GetWindow = query('GetWindow', z.object({ windowId: id }), z.object({ window: probeWindow }));

/** Newest first. */
export const ListWindows = query(
  'ListWindows',
  z.object({ appId: id, limit: z.int().min(1).max(50).default(20) }),
  z.object({ windows: z.array(windowHead) }),
);
export type WindowHead = ReplyOf<typeof ListWindows>['windows'][number];

/** The file of evidence, piece by piece: `next` is the offset of the rest, null when there is none. */
export const ReadEvidence = query(
  'ReadEvidence',
  z.object({ windowId: id, offset: count.default(0) }),
  z.object({ text: z.string(), next: count.nullable() }),
);
