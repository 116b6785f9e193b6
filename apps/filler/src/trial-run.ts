import type { ProbeAnswer, Prober } from './clients/prober.js';
import { trialText, type TrialAnswer, type TrialLook, type TrialSeen, type Trouble } from './domain/trial-write.js';
import type { DueTrial } from './persistence/trial-write.repository.js';
import { egressCodes, refuse, type EgressCode } from '#libs/egress/src/egress-code.js';
import { pause } from '#libs/replication/src/lock-keeper.js';

/** As long as a fill waits for an answer: what is called refused here is refused there. */
const writeMsMax = 10_000;
const listMsMax = 5_000;
/** The list is looked at so long after the answer, until it shows the entry. */
const lookAtMs = [0, 1_000, 2_800];

/** Sends the entry of one trial, unless it may have been sent before, and looks for it. Never throws for what an app does. */
export async function tryWrite(
  prober: Prober,
  { url, marker, wasSent }: DueTrial,
  signal: AbortSignal,
): Promise<TrialSeen> {
  const write = wasSent ? null : await send(prober, url, marker, signal);
  const isThere = write === null || write.outcome === 'acknowledged' || write.outcome === 'unknown';
  return { write, looks: isThere ? await look(prober, url, marker, signal) : [] };
}

async function send(prober: Prober, url: string, marker: string, signal: AbortSignal): Promise<TrialAnswer> {
  const startedAt = performance.now();
  const answer = await prober.write(url, trialText(marker), writeMsMax, signal);
  const outcomes = { ok: 'acknowledged', refused: 'refused', unknown: 'unknown' } as const;
  const { outcome, status } = answer;
  const isTheirs = outcome === 'ok' || outcome === 'refused' || outcome === 'unknown';
  return {
    ...{ outcome: isTheirs ? outcomes[outcome] : 'ours', status, trouble: troubleOf(answer) },
    ms: performance.now() - startedAt,
  };
}

async function look(prober: Prober, url: string, marker: string, signal: AbortSignal): Promise<TrialLook[]> {
  const looks: TrialLook[] = [];
  const startedAt = performance.now();
  const passedMs = () => performance.now() - startedAt;
  for (const atMs of lookAtMs) {
    await pause(atMs - passedMs(), signal);
    const afterMs = passedMs();
    const answer = await prober.list(url, listMsMax, signal);
    const shown = answer.list.includes(marker) ? 'shown' : 'absent';
    const outcome = answer.outcome === 'ok' ? shown : answer.outcome === 'ours' ? 'ours' : 'failed';
    looks.push({ outcome, status: answer.status, trouble: troubleOf(answer), afterMs });
    if (outcome === 'shown' || signal.aborted) break;
  }
  return looks;
}

/** A code of egress in its words. */
function troubleOf({ code }: ProbeAnswer): Trouble | null {
  return code !== null && code in egressCodes ? refuse(code as EgressCode) : null;
}
