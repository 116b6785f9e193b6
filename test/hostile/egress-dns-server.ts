// A DNS server on loopback whose answers the test writes: rebinding, mixed answers, aliases, silence.
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { parseIpAddress } from '#libs/egress/src/ip-address.js';

/** What one query gets. `alias` sends a CNAME first, and the addresses under that name. */
export interface DnsAnswer {
  readonly a?: readonly string[];
  readonly aaaa?: readonly string[];
  readonly alias?: string;
  readonly ttl?: number;
  readonly failure?: 'NXDOMAIN' | 'SERVFAIL' | 'silence';
}

/** Given a lower-case name and how many A queries for it came before, says what to answer. */
export type DnsScript = (name: string, asked: number) => DnsAnswer;

export interface DnsServer {
  /** As the resolver takes it. */
  readonly address: string;
  /** A queries per name. */
  readonly asked: ReadonlyMap<string, number>;
  close(): void;
}

const typeA = 1;
const typeCname = 5;
const typeAaaa = 28;
const failures = { NXDOMAIN: 3, SERVFAIL: 2, silence: 0 };

/** Listens on a free port of 127.0.0.1. */
export async function startDns(script: DnsScript): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const asked = new Map<string, number>();
  socket.on('message', (query: Buffer, from: RemoteInfo) => {
    const { name, type, end } = question(query);
    const before = asked.get(name) ?? 0;
    if (type === typeA) asked.set(name, before + 1);
    // AAAA comes with its A query: both belong to the same lookup.
    const answer = script(name, type === typeA ? before : Math.max(0, before - 1));
    if (answer.failure !== 'silence')
      socket.send(response(query.subarray(0, end), type, answer), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { address: `127.0.0.1:${socket.address().port}`, asked, close: () => socket.close() };
}

function question(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length).toLowerCase());
    at += 1 + length;
  }
  return { name: labels.join('.'), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function response(asked: Buffer, type: number, { a = [], aaaa = [], alias, ttl = 0, failure }: DnsAnswer): Buffer {
  const addresses = type === typeA ? a : type === typeAaaa ? aaaa : [];
  const owner = alias ? encodeName(alias) : Buffer.from([0xc0, 12]);
  const records = [
    ...(alias ? [record(Buffer.from([0xc0, 12]), typeCname, ttl, encodeName(alias))] : []),
    ...addresses.map((address) => record(owner, type, ttl, encodeAddress(address))),
  ];
  const head = Buffer.from(asked.subarray(0, 12));
  head.writeUInt16BE(0x8180 | (failure ? failures[failure] : 0), 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(failure ? 0 : records.length, 6);
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, asked.subarray(12), ...(failure ? [] : records)]);
}

function record(owner: Buffer, type: number, ttl: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(ttl, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([owner, fixed, data]);
}

const encodeName = (name: string) =>
  Buffer.concat([...name.split('.').map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`, 'latin1')), Buffer.alloc(1)]); // prettier-ignore

function encodeAddress(text: string): Buffer {
  const { version, bits } = parseIpAddress(text) ?? { version: 4, bits: 0n };
  return Buffer.from(bits.toString(16).padStart(version === 4 ? 8 : 32, '0'), 'hex');
}
