import { useRef, useState } from 'react';
import { ApiProblem, call, newKey } from '../api/call.js';
import { rememberOwnApp, type OwnApp } from '../api/own-apps.js';
import { queryClient } from '../api/queries.js';
import type { SubmittedApp } from '#libs/contracts/src/gateway.js';

export interface SubmissionValues {
  readonly name: string;
  readonly url: string;
  readonly team: string;
  readonly pseudonym: string;
  readonly claimCode: string;
}
/** What this browser knows of an app of its own. */
export const valuesOf = ({ name, url = '', team = '', pseudonym = '', claimCode }: OwnApp): SubmissionValues => ({
  ...{ name, url, team, pseudonym, claimCode },
});
export type Field = keyof SubmissionValues;
export type FieldErrors = Partial<Record<Field, string>>;

/** Where a refusal belongs in the form. A problem about nothing typed here has no field. */
export function fieldErrorsOf(problem: ApiProblem): FieldErrors {
  const errors: FieldErrors = {};
  for (const { path, message } of problem.document.errors ?? []) {
    const field = fieldOfPath(path);
    if (isField(field)) errors[field] ??= sentence(message);
  }
  const field = fieldOfKind[problem.kind];
  if (field) errors[field] ??= problem.document.detail;
  return errors;
}

/**
 * What the note under the form still has to say: nothing when every refused field has its words beside it; only what it is and
 * what to do when its words stand at one field; else everything.
 */
export function noteOf(problem: ApiProblem): 'none' | 'brief' | 'whole' {
  const errors = problem.document.errors ?? [];
  if (errors.length > 0 && errors.every(({ path }) => isField(fieldOfPath(path)))) return 'none';
  return errors.length === 0 && fieldOfKind[problem.kind] ? 'brief' : 'whole';
}

const fieldOfPath = (path: string): string => (path === 'ownerToken' ? 'claimCode' : path);
const fieldOfKind: Readonly<Record<string, Field>> = {
  'url-not-allowed': 'url',
  'url-claimed': 'url',
  'owner-token-wrong': 'claimCode',
};
const isField = (name: string): name is Field => ['name', 'url', 'team', 'pseudonym', 'claimCode'].includes(name);
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.?$/, '.')}`;

function missingFields({ name, url }: SubmissionValues): FieldErrors {
  return {
    ...(name.trim() ? {} : { name: 'Say what to call it on the board.' }),
    ...(url.trim() ? {} : { url: 'Say where your app answers.' }),
  };
}

/** Submits, or updates with a claim code. What was typed stays until it is accepted. */
export function useSubmission(initial: SubmissionValues, onAccepted: (app: SubmittedApp) => void) {
  const [values, setValues] = useState(initial);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [isSending, setSending] = useState(false);
  const attempt = useRef<Attempt>({ body: '', key: '' });

  const change = (field: Field, value: string): void => {
    setValues((before) => ({ ...before, [field]: value }));
    setErrors(({ [field]: _, ...others }) => others);
  };

  /** Says at its field, or below the form, what was refused; null: nothing is. */
  const refuse = (refusal: ApiProblem | null): void => {
    setErrors(refusal ? fieldErrorsOf(refusal) : {});
    setProblem(refusal);
  };

  /** Resolves to whether it was accepted. */
  const send = async (): Promise<boolean> => {
    const missing = missingFields(values);
    setErrors(missing);
    setProblem(null);
    if (Object.keys(missing).length > 0) return false;
    setSending(true);
    try {
      onAccepted(await submitApp(values, initial, attempt.current));
      return true;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      refuse(error);
      if (error.kind === 'limit-reached') void queryClient.invalidateQueries({ queryKey: ['limits'] });
      return false;
    } finally {
      setSending(false);
    }
  };

  return { values, errors, problem, isSending, change, refuse, send };
}

interface Attempt {
  body: string;
  key: string;
}

async function submitApp(
  { claimCode, team, pseudonym, ...required }: SubmissionValues,
  initial: SubmissionValues,
  attempt: Attempt,
): Promise<SubmittedApp> {
  const given = claimCode.trim();
  const shown = pseudonymToSend(pseudonym.trim(), initial.pseudonym);
  const body = { ...required, ...shown, team: team.trim() || null, ...(given ? { claimCode: given } : {}) };
  const idempotencyKey = keyFor(attempt, JSON.stringify(body));
  const app = await call<SubmittedApp>('/api/v1/apps', { method: 'POST', body, idempotencyKey });
  attempt.body = '';
  const code = app.claimCode ?? given;
  const names = { name: app.name, ...(body.team && { team: body.team }), ...(app.pseudonym && { pseudonym: app.pseudonym }) }; // prettier-ignore
  if (code) rememberOwnApp({ appId: app.appId, ...names, url: app.url, claimCode: code });
  void queryClient.invalidateQueries({ queryKey: ['apps'] });
  void queryClient.invalidateQueries({ queryKey: ['limits'] });
  return app;
}

/** Taken away is only what stood there: who types a claim code here does not see the pseudonym that his app has. */
export const pseudonymToSend = (typed: string, before: string): { pseudonym?: string | null } =>
  typed ? { pseudonym: typed } : before ? { pseudonym: null } : {};

/** The same words sent again are the same submission, whatever became of the first answer; other words are another. */
function keyFor(attempt: Attempt, body: string): string {
  if (attempt.body !== body) Object.assign(attempt, { body, key: newKey() });
  return attempt.key;
}
