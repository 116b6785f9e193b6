import type { WritePayload } from '#libs/contracts/src/filler.js';

/** What an app's answer to a write says: it has it, it has it not, or nothing that can be relied on. */
export interface Judged {
  readonly outcome: 'acknowledged' | 'refused' | 'unknown';
  /** One sentence for people; null when acknowledged. */
  readonly reason: string | null;
}

/**
 * An app has acknowledged a write when it says so in the contract's words: 2xx and a JSON object with `ok` or `working` true, or the row
 * itself. It has refused it when it says no: 4xx, a redirect that asks for the request again elsewhere, or the contract's "no" in a 2xx.
 * Everything else leaves open whether the row is there (5xx and 408 may come after the commit, a 303 follows a form that was taken, an
 * HTML page is the answer of nobody): the row's marker will tell. `body`: the whole body, or undefined when it could not be read.
 */
export function judgeAnswer(kind: WritePayload['kind'], status: number, body: string | undefined): Judged {
  if (status === 307 || status === 308) return no(`It answered ${status}, a redirect, which is never followed.`);
  if (status >= 300 && status <= 399) return open(`It answered ${status}, a redirect, which is never followed.`);
  if (status === 408 || status < 200 || status > 499) return open(`It answered ${status}.`);
  if (status > 299) return no(`It answered ${status}.`);
  const said = jsonObject(body);
  if (!said) return open(`It answered ${status}, but not with the JSON of the contract.`);
  if (saysNo(said)) return no(`It answered ${status}, and that it did not take it.`);
  if (saysYes(kind, said)) return { outcome: 'acknowledged', reason: null };
  return open(`It answered ${status}, but not in the words of the contract.`);
}

const no = (reason: string): Judged => ({ outcome: 'refused', reason });
const open = (reason: string): Judged => ({ outcome: 'unknown', reason });

type Said = Readonly<Record<string, unknown>>;

/** Answers to writes are short; a longer one is not read. */
const answerCharsMax = 16_384;

function jsonObject(body: string | undefined): Said | undefined {
  if (body === undefined || body.length > answerCharsMax) return undefined;
  try {
    return asObject(JSON.parse(body));
  } catch {
    return undefined; // no JSON: the caller says so
  }
}

const asObject = (value: unknown): Said | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Said) : undefined;

/** Only of the whole answer: a field of that name in the row says nothing. */
const saysNo = (said: Said): boolean =>
  [said['ok'], said['working'], said['success']].includes(false) || Boolean(said['error']);

function saysYes(kind: WritePayload['kind'], said: Said): boolean {
  if (said['ok'] === true) return true;
  if (kind === 'value') return said['working'] === true || typeof said['number'] === 'number';
  const field = kind === 'entry' ? 'text' : 'mood';
  return [said, asObject(said[kind])].some((row) => typeof row?.[field] === 'string');
}
