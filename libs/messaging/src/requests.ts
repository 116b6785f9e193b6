import {
  ClosedConnectionError,
  DrainingConnectionError,
  headers,
  NoRespondersError,
  RequestError,
  TimeoutError,
} from '@nats-io/transport-node';
import { SpanKind } from '@opentelemetry/api';
import type { Bus } from './bus.js';
import { subject } from './subjects.js';
import { requests, type ServiceName } from '#libs/contracts/src/catalogue.js';
import type { InputOf, ReplyOf, RequestContract } from '#libs/contracts/src/contract.js';
import { Problem, validationProblem, type ProblemDocument } from '#libs/contracts/src/problem.js';
import { attribute, spanName } from '#libs/platform/src/telemetry/names.js';
import { currentTraceparent, inChildSpan, markActiveSpanFailed } from '#libs/platform/src/telemetry/spans.js';

export interface AskOptions {
  /** The asker waits this long. The owner does not know: it may still begin, and then the outcome is unknown. */
  readonly deadlineMs?: number;
  /** The same key and data again get the same answer, and take effect once. */
  readonly idempotencyKey?: string | undefined;
}

/** What travels back: the reply, or the problem. */
export type Answer = { readonly ok: unknown } | { readonly problem: ProblemDocument };

export const requestHeader = { idempotencyKey: 'lockstep-idempotency-key' } as const;
const defaultDeadlineMs = 5_000;

/** Asks the owner of the data, and waits. Owner down: nothing was accepted. No answer in time: the outcome is unknown, and said so. */
export class Requests {
  constructor(private readonly bus: Bus) {}

  ask<C extends RequestContract>(contract: C, data: InputOf<C>, options: AskOptions = {}): Promise<ReplyOf<C>> {
    const owner = requests.find((route) => route.contract.name === contract.name)?.to;
    if (!owner) throw new Error(`${contract.name} has no owner: see catalogue.ts`);
    return this.askService(owner, contract, data, options);
  }

  /** For requests that every service answers for itself. */
  async askService<C extends RequestContract>(
    service: ServiceName,
    contract: C,
    data: InputOf<C>,
    options: AskOptions = {},
  ): Promise<ReplyOf<C>> {
    const parsed = contract.schema.safeParse(data);
    if (!parsed.success) throw validationProblem(parsed.error, 'The request is not valid');
    const attributes = {
      [attribute.messagingSystem]: 'nats',
      [attribute.destination]: subject.ask(service, contract.name),
    };
    const answer = await inChildSpan(spanName.ask(contract.name), { kind: SpanKind.CLIENT, attributes }, () =>
      this.exchangeMarked(service, contract, JSON.stringify(parsed.data), options),
    );
    if ('problem' in answer) throw Problem.from(answer.problem);
    return answer.ok as ReplyOf<C>;
  }

  private async exchangeMarked(
    service: ServiceName,
    contract: RequestContract,
    body: string,
    options: AskOptions,
  ): Promise<Answer> {
    const answer = await this.exchange(service, contract, body, options);
    if ('problem' in answer && answer.problem.status >= 500) markActiveSpanFailed(new Error(answer.problem.detail));
    return answer;
  }

  private async exchange(
    service: ServiceName,
    contract: RequestContract,
    body: string,
    options: AskOptions,
  ): Promise<Answer> {
    if (!this.bus.connected)
      throw new Problem(
        'service-down',
        'The message broker is away: nothing was sent, and nothing accepted.',
        'Try again in a moment.',
      );
    const deadlineMs = options.deadlineMs ?? defaultDeadlineMs;
    const hdrs = headers();
    if (options.idempotencyKey) hdrs.set(requestHeader.idempotencyKey, options.idempotencyKey);
    const traceparent = currentTraceparent();
    if (traceparent) hdrs.set('traceparent', traceparent);
    try {
      const reply = await this.bus.connection.request(subject.ask(service, contract.name), body, {
        timeout: deadlineMs,
        headers: hdrs,
      });
      return reply.json<Answer>();
    } catch (error) {
      throw noAnswer(error, service, contract);
    }
  }
}

function noAnswer(error: unknown, service: string, contract: RequestContract): unknown {
  const nobody = error instanceof NoRespondersError || (error instanceof RequestError && error.isNoResponders());
  if (nobody)
    return new Problem(
      'service-down',
      `The ${service} service is not running. Nothing was accepted.`,
      'Try again in a moment.',
    );
  const isLate =
    error instanceof TimeoutError || (error instanceof RequestError && error.cause instanceof TimeoutError);
  const isCutOff = error instanceof ClosedConnectionError || error instanceof DrainingConnectionError;
  if (!isLate && !isCutOff) return error;
  return contract.kind === 'query'
    ? new Problem('service-down', `The ${service} service did not answer in time.`, 'Try again in a moment.')
    : outcomeUnknown(service);
}

export const outcomeUnknown = (service: string, more: Pick<ProblemDocument, 'traceId'> = {}): Problem =>
  new Problem(
    'outcome-unknown',
    `No answer of the ${service} service was seen; it may have done what you asked.`,
    'Look before you repeat it, or repeat it with the same Idempotency-Key: then it happens once.',
    more,
  );
