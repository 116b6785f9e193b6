/* global fetch, AbortSignal */

const deadlineMs = 15_000;

/** The JSON object at `path`. Throws an Error whose message can be shown. */
export async function read(path) {
  return ask(path, { cache: 'no-store' });
}

/** Posts JSON and returns the JSON answer once the journal has acknowledged it; else throws an Error to show. */
export async function send(path, body) {
  return ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

/** Posts a file as a form does. */
export async function sendFile(path, file) {
  const form = new globalThis.FormData();
  form.append('file', file);
  return ask(path, { method: 'POST', body: form });
}

async function ask(path, request) {
  let response;
  let answer;
  try {
    response = await fetch(path, { ...request, signal: AbortSignal.timeout(deadlineMs) });
    answer = parse(await response.text());
  } catch {
    throw new Error('The journal does not answer.'); // why is in the browser's own log
  }
  const acknowledged = response.ok && answer !== undefined && answer.ok !== false && answer.working !== false;
  if (acknowledged) return answer;
  throw new Error(reason(response.status, answer?.error));
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // an HTML page in place of an answer: the status says what it means
  }
}

/** Codes such as "3 INVALID_ARGUMENT: " are for programs. */
function reason(status, error) {
  if (typeof error !== 'string') return `The journal answered ${status}.`;
  const words = error.replace(/^\d+ [A-Z_]+: /, '');
  return `${words[0].toUpperCase()}${words.slice(1).replace(/\.?$/, '.')}`;
}
