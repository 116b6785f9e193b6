import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Exchange, type Outcome } from './exchange.js';

const closeMs = 5_000;

/** The listening side: every request becomes an exchange, every outcome an answer. The port can be shut and opened again. */
export class Door {
  readonly #server: Server;
  #address = { port: 0, host: '127.0.0.1' };
  #turn: Promise<void> = Promise.resolve();

  constructor(answer: (exchange: Exchange) => Promise<Outcome>) {
    this.#server = createServer({ requestTimeout: 60_000, keepAliveTimeout: 72_000 }, (request, response) => {
      void handle(request, response, async (exchange) => {
        const outcome = await answer(exchange);
        if (!this.#server.listening) response.shouldKeepAlive = false; // else the connection would outlive the door
        return outcome;
      });
    });
    this.#server.maxConnections = 1_000;
  }

  async open(port: number, host: string): Promise<number> {
    this.#address = { port, host };
    await this.#listen();
    this.#address.port = (this.#server.address() as { port: number }).port;
    return this.#address.port;
  }

  /** Connections are refused from now on; requests under way are answered. */
  shut(): void {
    if (!this.#server.listening) return;
    this.#turn = new Promise((done) => this.#server.close(() => done()));
    this.#server.closeIdleConnections();
  }

  /** Listens again on the same port, once the last old connection is gone. */
  async reopen(): Promise<void> {
    await this.#turn;
    if (!this.#server.listening) await this.#listen();
  }

  /** Waits 5 s for requests under way, then cuts them off. */
  async close(): Promise<void> {
    this.shut();
    const late = setTimeout(() => this.#server.closeAllConnections(), closeMs);
    await this.#turn;
    clearTimeout(late);
  }

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#address.port, this.#address.host, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
  }
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (exchange: Exchange) => Promise<Outcome>,
): Promise<void> {
  try {
    await deliver(response, await answer(Exchange.of(request)));
  } catch (error) {
    if (response.headersSent || response.destroyed) response.destroy();
    else await deliver(response, unreachable(error as Error));
  }
}

async function deliver(response: ServerResponse, outcome: Outcome): Promise<void> {
  if (outcome === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const { status, headers, body } = outcome;
  if (!Buffer.isBuffer(body)) {
    response.writeHead(status, headers);
    return pipeline(body, response);
  }
  response.writeHead(status, { ...headers, 'content-length': body.length });
  await new Promise<void>((done) => response.end(body, done).once('close', done));
}

function unreachable(error: Error): Outcome {
  const body = Buffer.from(
    JSON.stringify({ ok: false, error: `The app behind this door did not answer: ${error.message}` }),
  );
  return { status: 502, headers: { 'content-type': 'application/json; charset=utf-8' }, body };
}
