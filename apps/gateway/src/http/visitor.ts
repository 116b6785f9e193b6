import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Who calls, and how our address looks from there. */
export interface Visitor {
  readonly address: string;
  readonly isHttps: boolean;
  readonly host: string | undefined;
}

interface Connection {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined; readonly encrypted?: boolean };
}

/**
 * The visitor behind proxies of ours. `X-Forwarded-*` can be written by anybody, so it counts only as far as addresses that we
 * trust have handed it on: from the right, to the first address that is no proxy of ours.
 */
export function readVisitor({ headers, socket }: Connection, trusted: BlockList): Visitor {
  const peer = socket.remoteAddress ?? 'unknown';
  const isTrusted = (address: string) => trusts(trusted, address);
  const direct = { address: peer, isHttps: socket.encrypted === true, host: headers.host };
  if (!isTrusted(peer)) return direct;
  let address = peer;
  for (const next of listed(headers['x-forwarded-for']).toReversed()) {
    if (!isTrusted(address) || isIP(next) === 0) break;
    address = next;
  }
  return {
    address,
    isHttps: listed(headers['x-forwarded-proto']).at(-1) === 'https',
    host: listed(headers['x-forwarded-host']).at(-1) ?? headers.host,
  };
}

const trusts = (list: BlockList, address: string): boolean => {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
};

const listed = (header: string | string[] | undefined): string[] =>
  String(header ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);

const visitors = new WeakMap<FastifyRequest, Visitor>();
const nobody = new BlockList();

/** From here on `visitorOf` knows which proxies are ours. */
export function noteVisitors(server: FastifyInstance, trusted: BlockList): void {
  server.addHook('onRequest', (request, _reply, done) => {
    visitors.set(request, readVisitor(request.raw, trusted));
    done();
  });
}

export const visitorOf = (request: FastifyRequest): Visitor =>
  visitors.get(request) ?? readVisitor(request.raw, nobody);

/**
 * What counts as one address where something is limited: an IPv6 network of 64 bits, since whoever has one of its addresses has
 * all of them; an IPv4 address however it is written.
 */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  if (isIP(address) !== 6) return address;
  const [head = '', tail = ''] = address.split('%')[0]!.split('::');
  const parts = (text: string) => text.split(':').filter(Boolean);
  const zeros = Array<string>(Math.max(0, 8 - parts(head).length - parts(tail).length)).fill('0');
  const groups = address.includes('::') ? [...parts(head), ...zeros, ...parts(tail)] : parts(head);
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** `10.0.0.0/8, ::1`: throws a sentence about the first that is neither an address nor a network. */
export function readTrusted(text: string): BlockList {
  const list = new BlockList();
  for (const one of listed(text)) {
    const [address = '', bits, ...more] = one.split('/');
    const family = isIP(address);
    const bitsMax = family === 6 ? 128 : 32;
    const isNetwork = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax);
    if (family === 0 || !isNetwork || more.length > 0)
      throw new Error(`must be addresses or networks such as 10.0.0.0/8, separated by commas`);
    list.addSubnet(address, Number(bits ?? bitsMax), family === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}
