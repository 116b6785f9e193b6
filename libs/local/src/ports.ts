import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { writeAtomically } from './atomic-write.js';

/**
 * A loopback port that nobody listens on. It lies below the range that the kernel gives to outgoing connections: a client
 * that keeps dialling a server that is down could otherwise be given that very port, and the server not get it back.
 */
export async function freePort(): Promise<number> {
  const below = Math.min(32_768, outgoingPortMin());
  const above = 15_000;
  for (let attempt = 0; attempt < 20 && below > above; attempt++) {
    const port = randomInt(above, below);
    if (await isFree(port)) return port;
  }
  return listenOnce(0);
}

/** True when a server could listen on this port of `host` now. Throws a sentence when none ever could. */
export async function isFree(port: number, host = loopback): Promise<boolean> {
  try {
    await listenOnce(port, host);
    return true;
  } catch (e) {
    const { code, message } = e as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') return false;
    const isElsewhere = code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN';
    const why = isElsewhere ? `${host} is no address of this machine.` : message;
    throw new Error(`No server of yours can listen on port ${port}: ${why}`, { cause: e });
  }
}

export interface PortWanted {
  readonly port: number;
  readonly host?: string;
  /** "the pages": as it is told when the port is taken. */
  readonly forWhat: string;
  /** How to choose another one: "PORT=8001 ./lockstep up". */
  readonly instead?: string;
}

/** The port itself; throws a sentence when it is taken. */
export async function requireFree({ port, host = loopback, forWhat, instead }: PortWanted): Promise<number> {
  if (await isFree(port, host)) return port;
  const other = instead ? `choose another port: ${instead}` : 'choose another port.';
  throw new Error(`Port ${port} for ${forWhat} is taken by another program. Stop that one, or ${other}`);
}

/**
 * The port `name` had last time in `dir`, so that addresses survive a restart; `preferred`, when given, comes before it.
 * One that is taken by now is replaced by a free one, and that is remembered.
 */
export async function rememberedPort(dir: string, name: string, preferred?: number): Promise<number> {
  const file = join(dir, 'ports', name);
  mkdirSync(join(dir, 'ports'), { recursive: true, mode: 0o700 });
  const last = lastPort(dir, name);
  for (const port of [preferred, last]) {
    if (port === undefined || !(await isFree(port))) continue;
    if (port !== last) writeAtomically(file, `${port}\n`, 0o600);
    return port;
  }
  const port = await freePort();
  writeAtomically(file, `${port}\n`, 0o600);
  return port;
}

/** The port that was asked for, or refused; without one, that of last time. */
export const portFor = (dir: string, name: string, port: number | undefined, forWhat: string): Promise<number> =>
  port === undefined ? rememberedPort(dir, name) : requireFree({ port, forWhat });

/** The port that `name` had last time in `dir`. */
export function lastPort(dir: string, name: string): number | undefined {
  const port = Number(textOr(join(dir, 'ports', name), ''));
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

function outgoingPortMin(): number {
  return Number(textOr('/proc/sys/net/ipv4/ip_local_port_range', '32768').split(/\s/)[0]);
}

function textOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}

const loopback = '127.0.0.1';

function listenOnce(port: number, host = loopback): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, host, () => {
      const { port: given } = server.address() as { port: number };
      server.close(() => resolve(given));
    });
  });
}
