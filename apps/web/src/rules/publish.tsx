import { useState, type SubmitEvent } from 'react';
import { Button, TextInput } from '@mantine/core';
import { draftOf, type Change } from './draft.js';
import type { Draft } from './editor.js';
import style from './rules.module.css';
import { call } from '../api/call.js';
import { queryClient } from '../api/queries.js';
import { plural } from '../parts/quantities.js';
import { Said } from '../staff/said.js';
import panel from '../staff/staff.module.css';
import { useOrder } from '../staff/use-order.js';
import type { RulesView } from '#libs/contracts/src/rules.js';

interface PublishProps {
  view: RulesView;
  draft: Draft;
  changes: readonly Change[];
  onChange: (draft: Draft | null) => void;
}

/** The changes in a list, a reason, one button. Who was overtaken sees his changes against the newer version. */
export function Publish({ view, draft, changes, onChange }: PublishProps) {
  const [reason, setReason] = useState('');
  const order = useOrder<{ version: number }>(({ version }) => `Version ${version} is published.`);
  const isOvertaken = order.problem?.kind === 'rules-outdated' || view.current > draft.basedOn;
  const publish = async (event: SubmitEvent) => {
    event.preventDefault();
    const body = { basedOn: draft.basedOn, reason, rules: draft.rules };
    if (!(await order.send('/api/v1/rules', { method: 'POST', body }))) return;
    await queryClient.invalidateQueries({ queryKey: ['rules'] });
    onChange(null);
  };
  const takeNewer = async () => {
    const newest = await call<RulesView>('/api/v1/rules');
    queryClient.setQueryData(['rules', null], newest);
    onChange({ ...draft, basedOn: newest.current, base: newest.rules.map(draftOf) });
  };
  return (
    <section className={panel.panel} aria-labelledby="publish-title">
      <h2 id="publish-title">Publish version {draft.basedOn + 1}</h2>
      <ul className={style.changes}>
        {changes.map(({ kind, rule }) => (
          <li key={`${kind} ${rule.endpoint} ${rule.name}`}>
            <span className={style.mark}>{kind}</span> {rule.name}{' '}
            <span className={`${style.where} mono`}>{rule.endpoint}</span>
          </li>
        ))}
      </ul>
      {changes.length === 0 && <p className={style.none}>Nothing is changed against version {draft.basedOn}.</p>}
      <form className={style.form} onSubmit={(event) => void publish(event)}>
        <TextInput
          name="publish-reason"
          label="Why it is changed"
          description="Kept with the version and your name, for good."
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <div className={style.actions}>
          <Button
            type="submit"
            loading={order.isSending}
            disabled={changes.length === 0 || reason.trim() === '' || isOvertaken}
          >
            Publish {changes.length === 0 ? '' : plural(changes.length, 'change')}
          </Button>
          <Button variant="default" onClick={() => onChange(null)}>
            Discard the draft
          </Button>
        </div>
      </form>
      <Said {...order} />
      {isOvertaken && (
        <div className={style.overtaken}>
          <p>A newer version was published while you wrote. Your draft is kept; look at it against the newer one.</p>
          <Button variant="default" onClick={() => void takeNewer()}>
            Base the draft on the newest version
          </Button>
        </div>
      )}
    </section>
  );
}
