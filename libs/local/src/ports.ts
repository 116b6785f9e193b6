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

/** True when a server could listen on this port of 127.0.0.1 now. */
export async function isFree(port: number): Promise<boolean> {
  try {
    await listenOnce(port);
    return true;
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw new Error(`No server of yours can listen on port ${port}: ${(e as Error).message}`, { cause: e });
  }
}

/** `port` itself; throws a sentence when it is taken. */
export async function requireFree(port: number, forWhat: string): Promise<number> {
  if (await isFree(port)) return port;
  throw new Error(`Port ${port} for ${forWhat} is taken by another program. Stop that one, or choose another port.`);
}

/**
 * The port `name` had last time in `dir`, so that addresses survive a restart; `preferred`, when given, comes before it.
 * One that is taken by now is replaced by a free one, and that is remembered.
 */
export async function rememberedPort(dir: string, name: string, preferred?: number): Promise<number> {
  const file = join(dir, 'ports', name);
  mkdirSync(join(dir, 'ports'), { recursive: true, mode: 0o700 });
  const last = readPort(file);
  for (const port of [preferred, last]) {
    if (port === undefined || !(await isFree(port))) continue;
    if (port !== last) writeAtomically(file, `${port}\n`, 0o600);
    return port;
  }
  const port = await freePort();
  writeAtomically(file, `${port}\n`, 0o600);
  return port;
}

function readPort(file: string): number | undefined {
  const port = Number(textOr(file, ''));
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

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const { port: given } = server.address() as { port: number };
      server.close(() => resolve(given));
    });
  });
}
