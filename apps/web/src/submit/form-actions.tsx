import type { ReactNode } from 'react';
import { Button, Checkbox } from '@mantine/core';
import type { Step } from './preflight.js';
import style from './submit.module.css';
import type { Preflight } from './use-preflight.js';

interface FormActionsProps {
  label: string;
  isSending: boolean;
  step: Step;
  /** What may be checked before it is submitted; with nothing, only submitting is offered. */
  check: Preflight | undefined;
  onCheck: (() => void) | undefined;
  children?: ReactNode;
}

const checkLabels: Record<Step, string> = {
  fresh: 'Check it first',
  running: 'Checking…',
  mend: 'Check again',
  submit: 'Check again',
};
const submitLabels: Partial<Record<Step, string>> = { mend: 'Submit anyway', submit: 'Submit it' };

/** One of the two is what comes next, and stands out; submitting is never blocked by a check. */
export function FormActions({ label, isSending, step, check, onCheck, children }: FormActionsProps) {
  return (
    <>
      <div className={style.actions}>
        <Button
          type="submit"
          size="md"
          variant={step === 'fresh' || step === 'submit' ? 'filled' : 'default'}
          loading={isSending}
          loaderProps={{ type: 'dots' }}
        >
          {submitLabels[step] ?? label}
        </Button>
        {check && (
          <Button
            size="md"
            variant={step === 'mend' ? 'filled' : 'default'}
            disabled={onCheck === undefined}
            // Not `disabled` while it runs: who pressed it keeps his place on the page.
            data-disabled={step === 'running' || undefined}
            aria-disabled={step === 'running' || undefined}
            onClick={step === 'running' ? undefined : onCheck}
          >
            {checkLabels[step]}
          </Button>
        )}
        {children}
      </div>
      {check && (
        <Checkbox
          label="The check also writes one entry and looks for it"
          description="One entry, marked as ours, stays in your app."
          checked={check.wantsWrite}
          onChange={(event) => check.setWantsWrite(event.currentTarget.checked)}
        />
      )}
    </>
  );
}
