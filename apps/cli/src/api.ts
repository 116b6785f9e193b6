import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { apiToken, apiUrl, NotRunning } from './installation.js';
import { ProblemDocument } from '#libs/contracts/src/problem.js';

/** The gateway's answer was a problem: shown as it is. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(readonly document: ProblemDocument) {
    super(document.detail);
  }
}

const requestMsMax = 30_000;

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
export interface Gateway {
  readonly url: string;
  readonly token: string | undefined;
}

/** One request to the gateway of the lab that runs here, or of LOCKSTEP_URL. What answers in another shape is no Lockstep. */
export const call = <Schema extends z.ZodType>(
  reply: Schema,
  method: Method,
  path: string,
  body?: unknown,
): Promise<z.output<Schema>> => callAt({ url: apiUrl(), token: apiToken() }, reply, [method, path], body);

/** A file of the gateway, as its bytes are. */
export async function download(path: string): Promise<Buffer> {
  const gateway = { url: apiUrl(), token: apiToken() };
  const response = await send(gateway, 'GET', path, undefined);
  const bytes = Buffer.from(await response.arrayBuffer());
  if (response.ok) return bytes;
  throw toProblem(parsed(bytes.toString('utf8')), `${gateway.url}${path} answered ${response.status}`, gateway);
}

/** Writes carry a key of their own, so that a repeated one takes effect once. */
export async function callAt<Schema extends z.ZodType>(
  gateway: Gateway,
  reply: Schema,
  [method, path]: readonly [Method, string],
  body?: unknown,
): Promise<z.output<Schema>> {
  const response = await send(gateway, method, path, body);
  const text = await response.text();
  const answer = parsed(text);
  const where = `${gateway.url}${path} answered ${response.status}`;
  if (!response.ok) throw toProblem(answer, where, gateway);
  const checked = reply.safeParse(answer);
  if (checked.success) return checked.data;
  throw new NotRunning(`${where}, and not as this version of Lockstep does. Check LOCKSTEP_URL.`);
}

async function send({ url, token }: Gateway, method: Method, path: string, body: unknown): Promise<Response> {
  const headers = {
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  const init = { method, headers, signal: AbortSignal.timeout(requestMsMax) };
  try {
    return await fetch(`${url}${path}`, body === undefined ? init : { ...init, body: JSON.stringify(body) });
  } catch (error) {
    throw new NotRunning(`${url} does not answer (${reasonOf(error)}). Is the lab running? ./lockstep up`);
  }
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Our own token goes to our own lab only, so elsewhere a staff command comes without one. */
function toProblem(answer: unknown, where: string, { token }: Gateway): Error {
  const { success, data } = ProblemDocument.safeParse(answer);
  if (!success) return new NotRunning(`${where}, and not as Lockstep does. Check LOCKSTEP_URL.`);
  const lacksToken = data.status === 401 && !token;
  return new ApiProblem(lacksToken ? { ...data, next: 'Set LOCKSTEP_TOKEN to a token of that lab.' } : data);
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
  return cause?.code ?? (error instanceof Error ? error.message : String(error));
}
