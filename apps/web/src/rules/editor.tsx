import { useState } from 'react';
import { Button, Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { blankRule, changesOf, keyOf, wordsOf } from './draft.js';
import { Impact } from './impact.js';
import { Publish } from './publish.js';
import { noRule } from './rule-list.js';
import { RuleForm } from './rule-form.js';
import style from './rules.module.css';
import panel from '../staff/staff.module.css';
import type { DraftRule, RulesView } from '#libs/contracts/src/rules.js';

/** The next version while it is written: what it is based on, and what it says now. */
export interface Draft {
  readonly basedOn: number;
  readonly base: readonly DraftRule[];
  readonly rules: readonly DraftRule[];
}

interface EditorProps {
  view: RulesView;
  draft: Draft;
  onChange: (draft: Draft | null) => void;
}

/** Rules on the left, what they would mean on the right: every change is tested at once on what was read last. */
export function Editor({ view, draft, onChange }: EditorProps) {
  const [edited, setEdited] = useState<{ rule: DraftRule; old: DraftRule | null } | null>(null);
  const changes = changesOf(draft.rules, draft.base);
  const [tested] = useDebouncedValue(draft.rules, 400);
  const take = (rule: DraftRule) => {
    const rules = edited?.old ? draft.rules.map((one) => (one === edited.old ? rule : one)) : [...draft.rules, rule];
    onChange({ ...draft, rules });
    setEdited(null);
  };
  return (
    <div className={style.columns}>
      <div className={style.column}>
        {view.endpoints.map(({ path, label }) => (
          <section key={path} className={panel.panel} aria-label={`Rules of ${label}`}>
            <div className={panel.titled}>
              <h2 className={style.endpoint}>
                {label} <span className="mono">{path}</span>
              </h2>
              <Button size="xs" variant="default" onClick={() => setEdited({ rule: blankRule(path), old: null })}>
                Add a rule
              </Button>
            </div>
            {!draft.rules.some(({ endpoint }) => endpoint === path) && <p className={style.none}>{noRule(path)}</p>}
            <ul className={style.rules} hidden={!draft.rules.some(({ endpoint }) => endpoint === path)}>
              {draft.rules
                .filter(({ endpoint }) => endpoint === path)
                .map((rule) => (
                  <DraftLine
                    key={keyOf(rule)}
                    rule={rule}
                    mark={changes.find((change) => change.rule === rule)?.kind}
                    onEdit={() => setEdited({ rule, old: rule })}
                    onRemove={() => onChange({ ...draft, rules: draft.rules.filter((one) => one !== rule) })}
                  />
                ))}
            </ul>
          </section>
        ))}
      </div>
      <div className={style.column}>
        <Impact draft={tested} isChanged={changes.length > 0} isNewest={tested === draft.rules} />
        <Publish view={view} draft={draft} changes={changes} onChange={onChange} />
      </div>
      <Modal
        opened={edited !== null}
        onClose={() => setEdited(null)}
        title={edited?.old ? `Change “${edited.old.name}”` : 'Add a rule'}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {edited && (
          <RuleForm
            initial={edited.rule}
            others={draft.rules.filter((one) => one !== edited.old)}
            isFigures={edited.rule.endpoint.includes('/stats/')}
            onTake={take}
            onCancel={() => setEdited(null)}
          />
        )}
      </Modal>
    </div>
  );
}

interface DraftLineProps {
  rule: DraftRule;
  mark: 'added' | 'changed' | 'removed' | undefined;
  onEdit: () => void;
  onRemove: () => void;
}

function DraftLine({ rule, mark, onEdit, onRemove }: DraftLineProps) {
  return (
    <li>
      <p className={style.words}>{wordsOf(rule)}</p>
      <p className={style.buttons}>
        <Button size="xs" variant="default" onClick={onEdit} aria-label={`Change ${rule.name}`}>
          Change
        </Button>
        <Button size="xs" variant="default" onClick={onRemove} aria-label={`Remove ${rule.name}`}>
          Remove
        </Button>
      </p>
      <p className={style.about}>
        <strong>{rule.name}</strong>
        <span>{rule.reason}</span>
        {rule.expiresAt && <span>until {rule.expiresAt.slice(0, 10)}</span>}
        {mark && <span className={style.mark}>{mark}</span>}
      </p>
    </li>
  );
}
