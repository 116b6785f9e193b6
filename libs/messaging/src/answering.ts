import type { Msg } from '@nats-io/transport-node';
import { SpanKind } from '@opentelemetry/api';
import { answeredOnce } from './answered-once.js';
import type { Bus } from './bus.js';
import { outcomeUnknown, requestHeader, type Answer } from './requests.js';
import { subject } from './subjects.js';
import { operationsOfEveryService, requestsTo, type ServiceName } from '#libs/contracts/src/catalogue.js';
import type { RequestContract } from '#libs/contracts/src/contract.js';
import { Problem, validationProblem, type ProblemDocument } from '#libs/contracts/src/problem.js';
import type { Database } from '#libs/platform/src/database.js';
import { CommitUnknown, databaseTrouble } from '#libs/platform/src/database-trouble.js';
import type { Logger } from '#libs/platform/src/logger.js';
import { attribute, spanName } from '#libs/platform/src/telemetry/names.js';
import { asService } from '#libs/platform/src/telemetry/providers.js';
import {
  contextOf,
  currentTraceparent,
  inChildSpan,
  inSpan,
  markActiveSpanFailed,
  traceIdOf,
} from '#libs/platform/src/telemetry/spans.js';
import type { Tx } from '#libs/platform/src/transaction.js';

export type RequestHandler = (data: unknown, tx: Tx) => Promise<unknown>;

/** Requests under way at once in one process; beyond it the answer is "try again", at once. */
const inProgressMax = 64;
const answerBytesMax = 256 * 1024;

/**
 * Answers the requests that a service owns: checks the data, runs the handler in a transaction, replies.
 * The same Idempotency-Key gets the stored answer of the first time; with other data it is refused.
 */
export class Answering {
  private inProgress = 0;
  private readonly endings: (() => Promise<void>)[] = [];
  private readonly open = new Set<Promise<void>>();

  constructor(
    private readonly service: ServiceName,
    private readonly bus: Bus,
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  start(handlers: ReadonlyMap<string, RequestHandler>): void {
    for (const route of requestsTo(this.service)) {
      this.listen(subject.ask(this.service, route.contract.name), route.contract, handlers);
      if (route.from.includes('staff')) this.listen(subject.staff(route.contract.name), route.contract, handlers);
    }
    for (const contract of operationsOfEveryService)
      this.listen(subject.ask(this.service, contract.name), contract, handlers);
  }

  /** Takes no new requests and waits for those under way. */
  async stop(): Promise<void> {
    await Promise.all(this.endings.map((end) => end()));
    await Promise.allSettled(this.open);
  }

  private listen(name: string, contract: RequestContract, handlers: ReadonlyMap<string, RequestHandler>): void {
    const handler = handlers.get(contract.name);
    if (!handler) throw new Error(`${this.service} does not answer ${contract.name}`);
    const respond = async (message: Msg) => {
      const done = asService(this.service, () => this.respond(message, contract, handler));
      this.open.add(done);
      await done.finally(() => this.open.delete(done));
    };
    this.endings.push(this.bus.listen(name, respond, this.service));
  }

  private async respond(message: Msg, contract: RequestContract, handler: RequestHandler): Promise<void> {
    const lossesBefore = this.bus.losses;
    const attributes = { [attribute.messagingSystem]: 'nats', [attribute.destination]: message.subject };
    const parent = contextOf(message.headers?.get('traceparent'));
    const traced = contract.kind === 'command' ? inSpan : inChildSpan;
    const options = { kind: SpanKind.SERVER, attributes };
    const answer = await traced(
      spanName.answer(contract.name),
      options,
      () => this.answer(message, contract, handler),
      parent,
    );
    // The broker takes no answer over another connection than the request's: who asks again with the same key gets the stored one.
    if (message.reply && this.bus.losses > lossesBefore) return;
    if (message.reply) return void message.respond(answer);
    const { problem } = JSON.parse(answer) as Partial<Record<'problem', ProblemDocument>>;
    if (problem)
      this.logger.warn({ request: contract.name, problem: problem.detail }, 'a published command was refused');
  }

  /** The answer as it travels. */
  private async answer(message: Msg, contract: RequestContract, handler: RequestHandler): Promise<string> {
    this.inProgress += 1;
    try {
      if (this.inProgress > inProgressMax)
        throw new Problem('service-down', `The ${this.service} service has too much to do.`, 'Try again in a moment.');
      const data = parse(message, contract);
      const key = contract.kind === 'command' ? idempotencyKeyOf(message) : undefined;
      return await this.database.transaction(async (tx) => {
        const run = () => handler(data, tx);
        const asked = { request: contract.name, body: message.data };
        return encode(key ? await answeredOnce(tx, { key, ...asked }, run) : await run(), contract);
      });
    } catch (error) {
      const problem = this.toProblem(error, contract);
      if (problem.document.status >= 500) markActiveSpanFailed(error);
      return JSON.stringify({ problem: problem.document } satisfies Answer);
    } finally {
      this.inProgress -= 1;
    }
  }

  private toProblem(error: unknown, contract: RequestContract): Problem {
    const traceId = traceIdOf(currentTraceparent());
    const more = traceId ? { traceId } : {};
    if (error instanceof Problem)
      return new Problem(error.type, error.document.detail, error.document.next, { ...error.document, ...more });
    this.logger.error({ err: error, request: contract.name }, 'request failed');
    if (error instanceof CommitUnknown) return outcomeUnknown(this.service, more);
    if (databaseTrouble(error))
      return new Problem(
        'service-down',
        `The ${this.service} service cannot use its database at the moment. Nothing was accepted.`,
        'Try again in a moment.',
        more,
      );
    return new Problem(
      'fault',
      `${contract.name} could not be carried out; nothing was changed.`,
      'Try again; tell staff the trace id if it stays.',
      more,
    );
  }
}

/** Before the commit: what is too large to be told is not done. */
function encode(reply: unknown, contract: RequestContract): string {
  const text = JSON.stringify({ ok: reply } satisfies Answer);
  if (Buffer.byteLength(text) <= answerBytesMax) return text;
  throw new Problem(
    'fault',
    `The answer to ${contract.name} is larger than ${answerBytesMax / 1024} kB; nothing was changed.`,
    'Ask for a smaller page.',
  );
}

/** A plain publish by staff carries its id as Nats-Msg-Id, so that sending it twice is harmless too. */
const idempotencyKeyOf = (message: Msg): string | undefined =>
  message.headers?.get(requestHeader.idempotencyKey) || message.headers?.get('Nats-Msg-Id') || undefined;

function parse(message: Msg, contract: RequestContract): unknown {
  let body: unknown;
  try {
    body = message.data.length === 0 ? {} : message.json();
  } catch {
    throw new Problem('not-json', `The data of ${contract.name} is not JSON.`, 'Send a JSON object.');
  }
  const result = contract.schema.safeParse(body);
  if (!result.success) throw validationProblem(result.error, `${contract.name} is not valid`);
  return result.data;
}
