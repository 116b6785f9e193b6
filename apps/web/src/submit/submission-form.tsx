import { useRef, useState, type SubmitEvent } from 'react';
import { Button, TextInput } from '@mantine/core';
import { FormActions } from './form-actions.js';
import { PreflightSection } from './preflight-section.js';
import { stepOf } from './preflight.js';
import style from './submit.module.css';
import { noteOf, useSubmission, type Field, type SubmissionValues } from './submission.js';
import { NewAppsLeft } from './new-apps-left.js';
import type { Preflight } from './use-preflight.js';
import { ProblemNote } from '../parts/problem-note.js';
import type { SubmittedApp } from '#libs/contracts/src/gateway.js';

interface SubmissionFormProps {
  initial: SubmissionValues;
  label: string;
  onAccepted: (app: SubmittedApp) => void;
  onCancel?: () => void;
  /** Where an app can be looked at before it is submitted. */
  check?: Preflight;
}

export function SubmissionForm({ initial, label, onAccepted, onCancel, check }: SubmissionFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const submission = useSubmission(initial, onAccepted);
  const { values, errors, problem, isSending, change, send } = submission;
  const [hasCode, setHasCode] = useState(false);
  const asksForCode =
    hasCode || problem?.kind === 'url-claimed' || problem?.kind === 'owner-token-wrong' || values.claimCode !== '';

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(await send())) focus(form.current, '[aria-invalid="true"]');
  };
  const begin = useCheck(check, submission, () => focus(form.current, '[aria-invalid="true"], [name=url]'));
  const field = (name: Field) => ({
    name,
    value: values[name],
    error: errors[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => change(name, event.currentTarget.value),
    inputWrapperOrder: ['label', 'input', 'error', 'description'] as ('label' | 'input' | 'error' | 'description')[],
    size: 'md',
  });

  return (
    <form ref={form} className={style.form} onSubmit={(event) => void submit(event)} noValidate>
      <TextInput
        {...field('name')}
        label="What is your app called?"
        description="Your name, or a name you like. The board shows it, unless you choose another below."
        autoComplete="nickname"
        required
        withAsterisk={false}
        maxLength={64}
      />
      <TextInput
        {...field('url')}
        label="Where does it answer?"
        description="The address of its front page, with http:// or https://. Every endpoint is looked for below it."
        placeholder="https://"
        inputMode="url"
        autoComplete="url"
        maxLength={500}
        spellCheck={false}
        required
        withAsterisk={false}
      />
      <TextInput
        {...field('team')}
        label="Which team are you in?"
        description="Leave it empty if you work alone."
        autoComplete="organization"
        maxLength={64}
      />
      <TextInput
        {...field('pseudonym')}
        label="Should the board show another name?"
        description="Leave it empty to be shown by the name above. With another name only staff see your name and team; the address stays visible."
        autoComplete="off"
        maxLength={64}
      />
      {asksForCode ? (
        <TextInput
          {...field('claimCode')}
          label="What is its claim code?"
          description="You got it with the first submission of this app. Lost it? Staff can withdraw the app for you."
          autoComplete="off"
          spellCheck={false}
          className={style.code}
        />
      ) : (
        <button type="button" className={style.reveal} onClick={() => setHasCode(true)}>
          I have a claim code and want to change my app
        </button>
      )}
      {problem && noteOf(problem) !== 'none' && <ProblemNote error={problem} isBrief={noteOf(problem) === 'brief'} />}
      <PreflightSection check={check} onAgain={() => void begin()}>
        <FormActions
          {...{ label, isSending, check }}
          step={check ? stepOf(check, values.url) : 'fresh'}
          onCheck={values.url.trim() ? () => void begin() : undefined}
        >
          {onCancel && (
            <Button variant="default" size="md" onClick={onCancel}>
              Leave it as it is
            </Button>
          )}
        </FormActions>
      </PreflightSection>
      {!values.claimCode && <NewAppsLeft />}
    </form>
  );
}

/** When what it points to is drawn. */
const focus = (form: HTMLFormElement | null, selector: string): void =>
  void requestAnimationFrame(() => form?.querySelector<HTMLElement>(selector)?.focus());

/** Begins a pre-flight of the address in the form; who found one by its address finds its address in the form as well. */
function useCheck(
  check: Preflight | undefined,
  { values, change, refuse }: ReturnType<typeof useSubmission>,
  onRefused: () => void,
) {
  const [found, setFound] = useState<string | null>(null);
  if (check?.askedAt && check.id !== found) {
    setFound(check.id);
    if (values.url === '' && check.url) change('url', check.url);
  }
  return async () => {
    refuse(null);
    if (!check || !values.url.trim()) return onRefused();
    const refusal = await check.begin(values.url);
    if (!refusal) return;
    refuse(refusal);
    onRefused();
  };
}
