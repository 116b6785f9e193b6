import { headers, type MsgHdrs } from '@nats-io/transport-node';
import type { LogRow } from '#libs/replication/src/numbered-log.js';

/** A numbered event: the row of its producer's log, as it travels in a stream or in a replay answer. */
export interface NumberedEvent extends LogRow {
  readonly producer: string;
}

/** The same, as it arrives. */
export interface Envelope extends NumberedEvent {
  /** Which log the number counts: another one under the same name would count from 1 again. */
  readonly logId: string;
}

/** CloudEvents 1.0 in NATS' binary mode, with our number and key beside it; the body is the event's data. */
export function toHeaders(row: LogRow, producer: string, logId: string): MsgHdrs {
  const hdrs = headers();
  hdrs.set('Nats-Msg-Id', row.id);
  hdrs.set('ce-specversion', '1.0');
  hdrs.set('ce-id', row.id);
  hdrs.set('ce-source', `lockstep/${producer}`);
  hdrs.set('ce-type', row.name);
  hdrs.set('ce-time', row.appendedAt);
  hdrs.set('lockstep-log', logId);
  hdrs.set('lockstep-n', String(row.n));
  hdrs.set('lockstep-key', encodeURIComponent(row.key));
  if (row.traceparent) hdrs.set('traceparent', row.traceparent);
  return hdrs;
}

/** Undefined when the message is not one of ours: somebody else wrote into the stream. */
export function fromMessage(hdrs: MsgHdrs | undefined, body: string, producer: string): Envelope | undefined {
  const n = Number(hdrs?.get('lockstep-n'));
  const id = hdrs?.get('ce-id');
  const name = hdrs?.get('ce-type');
  const logId = hdrs?.get('lockstep-log');
  const key = decoded(hdrs?.get('lockstep-key'));
  if (!hdrs || !Number.isSafeInteger(n) || n < 1 || !id || !name || !logId || key === undefined) return undefined;
  return {
    producer,
    logId,
    n,
    id,
    name,
    key,
    body,
    traceparent: hdrs.get('traceparent') || null,
    appendedAt: hdrs.get('ce-time'),
  };
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
