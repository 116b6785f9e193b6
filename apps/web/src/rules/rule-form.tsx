import { useState, type SubmitEvent } from 'react';
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { faultsOf, wordsOf } from './draft.js';
import style from './rules.module.css';
import type { DraftRule } from '#libs/contracts/src/rules.js';

const modes = [
  { value: 'ignore', label: 'Not compared' },
  { value: 'tolerance', label: 'May differ a little' },
  { value: 'set', label: 'Order does not count' },
  { value: 'exact', label: 'Compared exactly' },
];

interface RuleFormProps {
  initial: DraftRule;
  /** The other rules of the draft: names are unique at an endpoint. */
  others: readonly DraftRule[];
  /** Statistics are compared figure by figure. */
  isFigures: boolean;
  onTake: (rule: DraftRule) => void;
  onCancel: () => void;
}

const order = ['label', 'input', 'error', 'description'] as ('label' | 'input' | 'error' | 'description')[];

/** One rule, one question per line; what it would say stands under them while it is written. */
export function RuleForm({ initial, others, isFigures, onTake, onCancel }: RuleFormProps) {
  const [rule, setRule] = useState(isFigures && initial.name === '' ? { ...initial, path: '/data/' } : initial);
  const [isTried, setTried] = useState(false);
  const faults = faultsOf(rule, others);
  const shown = isTried ? faults : {};
  const set = (part: Partial<DraftRule>) => setRule({ ...rule, ...part });
  const take = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(faults).length === 0)
      onTake({ ...rule, name: rule.name.trim(), reason: rule.reason.trim(), ...parametersOf(rule) });
  };
  return (
    <form className={style.form} onSubmit={take} noValidate>
      <TextInput
        name="path"
        label="Where"
        description="A path into the answer; * stands for every row: /rows/*/created_at."
        inputWrapperOrder={order}
        spellCheck={false}
        value={rule.path}
        error={shown.path}
        onChange={(event) => set({ path: event.currentTarget.value })}
      />
      {!isFigures && (
        <NativeSelect
          name="mode"
          label="How it is compared"
          data={modes}
          value={rule.mode === 'ordered' ? 'exact' : rule.mode}
          onChange={(event) => set({ mode: event.currentTarget.value as DraftRule['mode'] })}
        />
      )}
      {rule.mode === 'tolerance' && <Tolerance rule={rule} fault={shown.withinMs} onChange={set} />}
      {rule.mode === 'set' && (
        <TextInput
          name="key"
          label="Elements are told apart by"
          description="A path inside an element, such as /name. Empty: by their order."
          inputWrapperOrder={order}
          value={rule.key ?? ''}
          onChange={(event) => set({ key: event.currentTarget.value || null })}
        />
      )}
      <TextInput
        name="name"
        label="Name"
        value={rule.name}
        error={shown.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <TextInput
        name="reason"
        label="Why"
        value={rule.reason}
        error={shown.reason}
        onChange={(event) => set({ reason: event.currentTarget.value })}
      />
      <Until rule={rule} onChange={set} />
      {!rule.path.endsWith('/') && <p className={style.says}>{wordsOf(rule)}</p>}
      <div className={style.actions}>
        <Button type="submit">Take it into the draft</Button>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

interface PartProps {
  rule: DraftRule;
  fault?: string | undefined;
  onChange: (part: Partial<DraftRule>) => void;
}

function Tolerance({ rule, fault, onChange }: PartProps) {
  return (
    <>
      <TextInput
        name="withinMs"
        label="Times may be apart by, in ms"
        inputMode="numeric"
        value={rule.withinMs ?? ''}
        error={fault}
        onChange={(event) => onChange({ withinMs: numberOf(event.currentTarget.value, rule.withinMs) })}
      />
      <TextInput
        name="epsilon"
        label="Numbers may be apart by"
        inputMode="decimal"
        value={rule.epsilon ?? ''}
        onChange={(event) => onChange({ epsilon: numberOf(event.currentTarget.value, rule.epsilon) })}
      />
    </>
  );
}

function Until({ rule, onChange }: PartProps) {
  return (
    <TextInput
      name="expiresAt"
      type="date"
      label="Applies until"
      description="From the beginning of that day, UTC, it no longer applies. Empty: for good."
      inputWrapperOrder={order}
      value={rule.expiresAt?.slice(0, 10) ?? ''}
      onChange={({ currentTarget: { value } }) => onChange({ expiresAt: value ? `${value}T00:00:00.000Z` : null })}
    />
  );
}

/** What is no number is not taken. */
function numberOf(text: string, before: number | null): number | null {
  if (text === '') return null;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : before;
}

/** Only those parameters that belong to the way it is compared. */
const parametersOf = ({ mode, epsilon, withinMs, key }: DraftRule) => ({
  epsilon: mode === 'tolerance' ? epsilon : null,
  withinMs: mode === 'tolerance' ? withinMs : null,
  key: mode === 'set' ? key : null,
});
