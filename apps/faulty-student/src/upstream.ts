import { Agent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Answer, Exchange } from './exchange.js';

const hopByHop = /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/i;
const answerMs = 30_000;

/** An app behind this door, reached over plain HTTP. */
export class Upstream {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #origin: URL;

  constructor(address: string) {
    const origin = URL.parse(address);
    if (origin?.protocol !== 'http:') throw new Error(`"${address}" is not the http:// address of an app`);
    this.#origin = origin;
  }

  /**
   * Passes a request on and gives back the answer as it starts. Rejects when none comes. Host and port are this app's,
   * whatever the request says: a door that lets its visitors choose them is a way into the network behind it.
   */
  async send(exchange: Exchange): Promise<Answer> {
    const body = exchange.body();
    const request = httpRequest({
      agent: this.#agent,
      host: this.#origin.hostname.replace(/^\[|\]$/g, ''),
      port: this.#origin.port || 80,
      path: exchange.url,
      method: exchange.method,
      headers: { ...headersFor(exchange), ...(Buffer.isBuffer(body) && lengthOf(exchange.method, body)) },
      timeout: answerMs,
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${answerMs} ms`)));
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve).once('error', reject);
    });
    if (Buffer.isBuffer(body)) request.end(body);
    else void pipeline(body, request).catch((error: Error) => request.destroy(error));
    const response = await answered;
    request.on('error', (error) => response.destroy(error));
    return { status: response.statusCode!, headers: passedOn(response.headers), body: response };
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** A listing may be rewritten on its way back, so it is never asked for compressed or only if changed. */
function headersFor(exchange: Exchange): Record<string, string | string[]> {
  const { host: _host, ...headers } = passedOn(exchange.headers);
  if (!exchange.read) return headers;
  const { 'accept-encoding': _encoding, 'if-none-match': _tag, 'if-modified-since': _since, ...plain } = headers;
  return plain;
}

function passedOn(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const entries = Object.entries(headers).filter(([name, value]) => value !== undefined && !hopByHop.test(name));
  return Object.fromEntries(entries) as Record<string, string | string[]>;
}

function lengthOf(method: string, body: Buffer): Record<string, string> {
  return method === 'GET' || method === 'HEAD' ? {} : { 'content-length': String(body.length) };
}
