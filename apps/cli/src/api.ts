import { randomUUID } from 'node:crypto';
import { apiToken, apiUrl, NotRunning } from './installation.js';
import type { ProblemDocument } from '#libs/contracts/src/problem.js';

/** The gateway's answer was a problem: shown as it is. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(readonly document: ProblemDocument) {
    super(document.detail);
  }
}

const requestMsMax = 30_000;

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** One request to the gateway of the lab that runs here, or of LOCKSTEP_URL. */
export const call = <Reply>(method: Method, path: string, body?: unknown): Promise<Reply> =>
  callAt({ url: apiUrl(), token: apiToken() }, method, path, body);

/** Writes carry a key of their own, so that a repeated one takes effect once. */
export async function callAt<Reply>(
  gateway: { readonly url: string; readonly token: string | undefined },
  method: Method,
  path: string,
  body?: unknown,
): Promise<Reply> {
  const { token } = gateway;
  const headers = {
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  const url = `${gateway.url}${path}`;
  let response: Response;
  try {
    const init = {
      method,
      headers,
      signal: AbortSignal.timeout(requestMsMax),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    response = await fetch(url, init);
  } catch (error) {
    throw new NotRunning(`${gateway.url} does not answer (${reasonOf(error)}). Is the lab running? ./lockstep up`);
  }
  const text = await response.text();
  if (!response.ok) throw toProblem(text, response.status, url);
  return (text === '' ? undefined : JSON.parse(text)) as Reply;
}

function toProblem(text: string, status: number, url: string): Error {
  try {
    const document = JSON.parse(text) as ProblemDocument;
    if (typeof document.detail === 'string') return new ApiProblem(document);
  } catch {
    return new NotRunning(`${url} answered ${status}, and not as Lockstep does. Check LOCKSTEP_URL.`);
  }
  return new NotRunning(`${url} answered ${status}. Check LOCKSTEP_URL.`);
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
  return cause?.code ?? (error instanceof Error ? error.message : String(error));
}
