// An app that answers with whatever bytes the test wants, over a plain socket: no HTTP library is in the way of misbehaving.
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** One request as it came, headers included, body not awaited. */
export interface SeenRequest {
  readonly line: string;
  readonly text: string;
  /** Which connection, counted from 1. */
  readonly connection: number;
}

export type Misbehaviour = (socket: Socket, request: SeenRequest) => void;

export interface HostileApp {
  readonly port: number;
  readonly origin: string;
  readonly seen: readonly SeenRequest[];
  connections(): number;
  openConnections(): number;
  close(): Promise<void>;
}

/** Routes are paths without query; an unknown path gets an ordinary `200 ok`. */
export async function startHostileApp(
  routes: Readonly<Record<string, Misbehaviour>>,
  host = '127.0.0.1',
): Promise<HostileApp> {
  const seen: SeenRequest[] = [];
  const open = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    const connection = connections;
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      // A body may come in a packet of its own; it is not a request.
      if (!/^[A-Z]+ \S+ HTTP/.test(text)) return;
      const request = { line: text.slice(0, text.indexOf('\r\n')), text, connection };
      seen.push(request);
      const path = request.line.split(' ')[1]?.split('?')[0] ?? '';
      (routes[path] ?? ordinary)(socket, request);
    });
  });
  const port = await listen(server, host);
  return {
    ...{ port, seen, origin: `http://127.0.0.1:${port}` },
    connections: () => connections,
    openConnections: () => open.size,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** An ordinary answer with any further header lines. */
export const reply = (body: string | Buffer, ...lines: string[]): Buffer => {
  const bytes = Buffer.from(body);
  const head = ['HTTP/1.1 200 OK', `Content-Length: ${bytes.length}`, ...lines, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
};
const ordinary: Misbehaviour = (socket) => void socket.write(reply('ok', 'Connection: keep-alive'));

/** Writes `chunk` again and again, as fast as the other side reads, until the connection ends. */
export function pour(socket: Socket, chunk: Buffer | string): void {
  const more = () => {
    for (let room = true; room && !socket.destroyed;) room = socket.write(chunk);
  };
  socket.on('drain', more);
  more();
}

/** Writes `chunk` every `everyMs` until the connection ends. */
export function drip(socket: Socket, chunk: string | Buffer, everyMs: number): void {
  const timer = setInterval(() => socket.write(chunk), everyMs);
  socket.once('close', () => clearInterval(timer));
}

/** Listens on loopback and counts every connection; whoever must not be reached is one of these. */
export async function startCanary(
  host = '127.0.0.1',
): Promise<{ port: number; hits: () => number; close: () => void }> {
  let hits = 0;
  const server = createServer((socket) => {
    hits += 1;
    socket.destroy();
  });
  const port = await listen(server, host);
  return { port, hits: () => hits, close: () => server.close() };
}

async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
