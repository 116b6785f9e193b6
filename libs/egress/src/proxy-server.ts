// The HTTP side of the proxy: plain requests, CONNECT and upgrades, each checked first, each on a connection judged by pinned-connect.ts.
// Whatever does not match the visit is answered here, with 403, and never leaves.
import { createServer, request as httpRequest, STATUS_CODES } from 'node:http';
import type { ClientRequest, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline, type Stream } from 'node:stream';
import { deadline } from './deadline.js';
import { egressError, EgressError, isRefusal, refuse, type Refusal } from './egress-code.js';
import { headerBytesMax } from './egress-limits.js';
import type { EgressPolicy } from './egress-policy.js';
import type { PinnedConnect } from './pinned-connect.js';
import { forwardedHeaders } from './proxy-headers.js';
import type { ProxyVisit } from './proxy-visit.js';
import type { RequestUrl } from './target-url.js';

export interface ProxyServerOptions {
  readonly policy: EgressPolicy;
  readonly connect: PinnedConnect;
  readonly visit: ProxyVisit;
  /** Told of an error that is a fault of this program; the connection it came from is closed. */
  readonly onFault: (error: unknown) => void;
}

/** Sockets of the browser; Chromium opens 32 to a proxy, and WebSockets beside them. */
const browserSocketsMax = 128;
const headersMs = 5_000;

/** Makes the server of one visit; it does not listen yet. */
export function proxyServer(options: ProxyServerOptions): Server {
  const proxy = new ProxyServer(options);
  const server = createServer({
    maxHeaderSize: headerBytesMax,
    headersTimeout: headersMs,
    keepAliveTimeout: headersMs,
  });
  server.maxConnections = browserSocketsMax;
  const failed = (stream: Stream & { destroy(): void }) => (error: unknown) => {
    options.onFault(error);
    stream.destroy();
  };
  server.on('request', (req, res) => void proxy.plain(req, res).catch(failed(res)));
  server.on('connect', (req, client: Socket, head) => void proxy.tunnel(req, client, head).catch(failed(client)));
  server.on('upgrade', (req, client: Socket, head) => void proxy.upgrade(req, client, head).catch(failed(client)));
  return server;
}

interface Reached {
  readonly url: RequestUrl;
  /** Open towards the app, and watched by the visit. */
  readonly socket: Socket;
}

class ProxyServer {
  private readonly options: ProxyServerOptions;

  constructor(options: ProxyServerOptions) {
    this.options = options;
  }

  /** A request in absolute form: `GET http://app.example.org/path`. */
  async plain(req: IncomingMessage, res: ServerResponse): Promise<void> {
    // Absolute http: only; https: comes through CONNECT, or it would leave in the clear.
    const text = /^http:/i.test(req.url ?? '') ? (req.url ?? '') : '';
    const reached = await this.reach(req, text, goneSignal(res));
    if (isRefusal(reached)) return answerPlain(res, reached);
    this.forward(req, res, reached);
  }

  /** CONNECT `host:port`: the browser speaks TLS or WebSocket through it; we see where it goes and how much. */
  async tunnel(req: IncomingMessage, client: Socket, head: Buffer): Promise<void> {
    // Only host:port: anything else would be read as more of a URL than it is.
    const authority = /^[^/?#@\\\s]+:\d+$/.test(req.url ?? '') ? `http://${req.url}/` : '';
    const reached = await this.reachFrom(client, req, authority);
    if (!reached) return;
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    this.join(client, reached.socket, head);
  }

  /** An upgrade in absolute form. Only WebSocket: it needs no more than two streams joined. */
  async upgrade(req: IncomingMessage, client: Socket, head: Buffer): Promise<void> {
    const websocket = req.headers.upgrade?.toLowerCase() === 'websocket' && /^(http|ws):/i.test(req.url ?? '');
    const reached = await this.reachFrom(client, req, websocket ? (req.url ?? '').replace(/^ws:/i, 'http:') : '');
    if (!reached) return;
    const { url, socket } = reached;
    const lines = [`${req.method} ${url.path} HTTP/1.1`, `Host: ${new URL(url.origin).host}`];
    const headers = forwardedHeaders(req.rawHeaders);
    for (let at = 0; at < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`);
    const start = Buffer.from(`${lines.join('\r\n')}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`, 'latin1');
    this.join(client, socket, Buffer.concat([start, head]));
  }

  private async reachFrom(client: Socket, req: IncomingMessage, url: string): Promise<Reached | undefined> {
    client.on('error', () => client.destroy());
    const reached = await this.reach(req, url, goneSignal(client));
    if (!isRefusal(reached)) return reached;
    const status = statusOf(reached);
    const lines = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Content-Length: 0',
      `X-Lockstep-Egress: ${reached.code}`,
    ];
    if (status === 407) lines.push(`Proxy-Authenticate: ${challenge}`);
    client.end(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`);
    return undefined;
  }

  /** Checks token, URL and visit in this order, then connects; every refusal is noted with the visit. */
  private async reach(req: IncomingMessage, text: string, gone: AbortSignal): Promise<Reached | Refusal> {
    const { policy, connect, visit } = this.options;
    const refused = (refusal: Refusal) => {
      // The first request of a browser comes without a token; the challenge makes it send one.
      const challenged = refusal.code === 'proxy-token' && req.headers['proxy-authorization'] === undefined;
      if (!challenged) visit.note(req.method ?? '', req.url ?? '', refusal.code);
      return refusal;
    };
    if (!visit.knows(req.headers['proxy-authorization'])) return refused(refuse('proxy-token'));
    const url = policy.readRequestUrl(text);
    if (isRefusal(url)) return refused(url);
    const barred = visit.admit(url);
    if (barred) return refused(barred);
    const limit = deadline(visit.limits.totalMs, () => egressError('connect-timeout'), [gone, visit.signal]);
    try {
      const { connectMs } = visit.limits;
      const open = () => connect.open(url, { connectMs, signal: limit.signal, tls: false });
      const socket = await visit.hold(async () => (await open()).socket);
      return { url, socket };
    } catch (error) {
      if (error instanceof EgressError) return refused(error);
      throw error;
    } finally {
      limit.clear();
    }
  }

  private forward(req: IncomingMessage, res: ServerResponse, { url, socket }: Reached): void {
    const { visit } = this.options;
    const headers = ['Host', new URL(url.origin).host, 'Connection', 'close', ...forwardedHeaders(req.rawHeaders)];
    if (req.headers['transfer-encoding']) headers.push('Transfer-Encoding', 'chunked');
    const upstream = httpRequest({
      ...{ method: req.method ?? 'GET', path: url.path, headers, maxHeaderSize: headerBytesMax },
      createConnection: () => socket,
    });
    const count = (chunk: Buffer) => visit.spend(chunk.length);
    upstream.on('response', (answer) => passOn(answer.on('data', count), res, upstream));
    const lost = (why: string) => {
      socket.destroy();
      if (res.headersSent) return void res.destroy();
      visit.note(req.method ?? '', req.url ?? '', 'connection-lost');
      answerPlain(res, refuse('connection-lost', why));
    };
    upstream.on('error', (error) => lost(error.message));
    // Without this listener Node drops the socket and says nothing.
    upstream.on('upgrade', () => lost('it switched protocols unasked'));
    res.once('close', () => socket.destroy());
    req.on('data', count);
    pipeline(req, upstream, (error) => error && upstream.destroy(error));
  }

  private join(client: Socket, socket: Socket, start: Buffer): void {
    const { visit } = this.options;
    const count = (chunk: Buffer) => visit.spend(chunk.length);
    client.once('close', () => socket.destroy());
    socket.once('close', () => client.destroy());
    if (client.destroyed) return void socket.destroy();
    socket.write(start);
    client.on('data', count).pipe(socket);
    socket.on('data', count).pipe(client);
  }
}

function passOn(answer: IncomingMessage, res: ServerResponse, upstream: ClientRequest): void {
  res.sendDate = false;
  try {
    res.writeHead(answer.statusCode ?? 502, answer.statusMessage, forwardedHeaders(answer.rawHeaders));
  } catch (error) {
    // Node refuses to write some header values that it has read.
    return void upstream.destroy(error as Error);
  }
  pipeline(answer, res, (error) => error && res.destroy());
}

function answerPlain(res: ServerResponse, refusal: Refusal): void {
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'x-lockstep-egress': refusal.code,
    connection: 'close',
  };
  const proxyAuthenticate = refusal.code === 'proxy-token' ? { 'proxy-authenticate': challenge } : {};
  res.writeHead(statusOf(refusal), { ...headers, ...proxyAuthenticate });
  res.end(`${refusal.sentence} ${refusal.fix}\n`);
}

const challenge = 'Basic realm="lockstep"';

/** 407 asks for the token, 403 is the policy or the visit, 502 is the app or the way to it. */
function statusOf({ code }: Refusal): 403 | 407 | 502 {
  if (code === 'proxy-token') return 407;
  const tried = /^(dns|connect|connection)-|^(no-route|busy|aborted)$/.test(code);
  return tried ? 502 : 403;
}

function goneSignal(stream: Stream): AbortSignal {
  const gone = new AbortController();
  stream.once('close', () => gone.abort());
  return gone.signal;
}
