import { useState, type SubmitEvent } from 'react';
import { Button, Input, Textarea } from '@mantine/core';
import style from './overrides.module.css';
import { reasonCharsMax, reasonFault } from './reason.js';
import { Choices } from '../parts/choices.js';
import { verdictWords } from '../parts/verdict-words.js';
import type { GivenVerdict } from '#libs/contracts/src/overrides.js';

interface OverrideFormProps {
  /** What the comparison says, which need not be said again; null takes back what staff said. */
  machine: GivenVerdict | null;
  isSending: boolean;
  onSend: (verdict: GivenVerdict | null, reason: string) => void;
  onCancel: () => void;
}

const given: readonly GivenVerdict[] = ['in-sync', 'out-of-sync', 'unreachable', 'unknown'];

/** Which verdict, and why: without a reason nothing is sent. */
export function OverrideForm({ machine, isSending, onSend, onCancel }: OverrideFormProps) {
  const [verdict, setVerdict] = useState<GivenVerdict | null>(null);
  const [reason, setReason] = useState('');
  const [isAsked, setAsked] = useState(false);
  const mustChoose = machine !== null && verdict === null;
  const fault = reasonFault(reason);
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    setAsked(true);
    if (fault === null && !mustChoose) onSend(machine === null ? null : verdict, reason);
  };
  return (
    <form className={style.form} onSubmit={send}>
      {machine !== null && (
        <div className={style.choice}>
          <span>The verdict is</span>
          <Choices
            label="The verdict is"
            names={given.filter((one) => one !== machine)}
            words={(one) => verdictWords[one].word}
            chosen={verdict}
            onChoose={setVerdict}
          />
          {isAsked && mustChoose && <Input.Error role="alert">Choose one.</Input.Error>}
        </div>
      )}
      <Textarea
        name="override-reason"
        label={machine === null ? 'Why it is taken back' : 'Why'}
        description={`Everybody reads it, on the board and in exports. Up to ${reasonCharsMax} characters.`}
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        autosize
        minRows={2}
        value={reason}
        error={isAsked ? fault : null}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div className={style.actions}>
        <Button type="submit" loading={isSending}>
          {machine === null ? 'Take it back' : 'Overrule'}
        </Button>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
