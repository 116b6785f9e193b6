/**
 * A process of its own that is a baseline and all the apps of a round, as their addresses on loopback: 127.2.0.1 and 127.1.x.y. It
 * answers over plain sockets what it was given, after its latency: it is to cost the machine as little as apps elsewhere would.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { misbehaviours, type Misbehaviour } from './misbehaving.js';
import type { Bodies, Side } from './round-rows.js';

/** What the bench says to it; it answers each with its port. */
export interface Setting {
  readonly bodies?: Readonly<Record<Side, Bodies>>;
  readonly latencyMs?: number;
  /** Apps from this one on misbehave; null: none. */
  readonly hostileFrom?: number | null;
}

let latencyMs = 0;
let hostileFrom = Infinity;
let bodies: Readonly<Record<Side, Bodies>> = { baseline: {}, app: {} };
let answers = new Map<string, Buffer>();
let second = 0;
const ways: readonly Misbehaviour[] = Object.values(misbehaviours);

/** Made anew every second: the date is in it. */
function answerOf(side: Side, path: string): Buffer {
  const now = Math.floor(Date.now() / 1_000);
  if (now !== second) [second, answers] = [now, new Map()];
  const key = `${side} ${path}`;
  const made = answers.get(key) ?? answer(bodies[side][path]);
  answers.set(key, made);
  return made;
}

function answer(body: string | undefined): Buffer {
  const status = body === undefined ? '404 Not Found' : '200 OK';
  const head = [`HTTP/1.1 ${status}`, `Date: ${new Date().toUTCString()}`, 'Content-Type: application/json'];
  const length = `Content-Length: ${Buffer.byteLength(body ?? '')}`;
  return Buffer.from([...head, 'Connection: keep-alive', length, '', body ?? ''].join('\r\n'));
}

function serve(socket: Socket): void {
  const [, second = 0, third = 0, fourth = 0] = (socket.localAddress ?? '').split('.').map(Number);
  const side: Side = second === 2 ? 'baseline' : 'app';
  const index = third * 256 + fourth;
  let text = '';
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
      const path = text.split(' ', 2)[1]!.split('?')[0]!;
      text = text.slice(end + 4);
      if (side === 'app' && index >= hostileFrom) ways[index % ways.length]!(socket);
      else setTimeout(() => socket.write(answerOf(side, path)), latencyMs);
    }
  });
}

const server = createServer(serve).listen({ port: 0, host: '0.0.0.0', backlog: 4_096 });
server.once('listening', () => {
  process.on('message', (setting: Setting) => {
    bodies = setting.bodies ?? bodies;
    latencyMs = setting.latencyMs ?? latencyMs;
    if (setting.hostileFrom !== undefined) hostileFrom = setting.hostileFrom ?? Infinity;
    answers.clear();
    process.send!((server.address() as AddressInfo).port);
  });
});
process.on('disconnect', () => process.exit(0));
