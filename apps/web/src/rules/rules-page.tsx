import { useState } from 'react';
import { Button } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { draftOf } from './draft.js';
import { Editor, type Draft } from './editor.js';
import { Measured } from './measured.js';
import { useRules } from './queries.js';
import { RuleList } from './rule-list.js';
import style from './rules.module.css';
import { Versions } from './versions.js';
import { Crumbs } from '../parts/crumbs.js';
import { OldAnswer } from '../parts/old-answer.js';
import layout from '../parts/page.module.css';
import { ProblemNote } from '../parts/problem-note.js';
import { Waiting } from '../parts/states.js';
import { Age } from '../parts/time.js';
import { usePageTitle } from '../shell/page-title.js';
import { StaffDoor } from '../staff/staff-door.js';
import type { RulesView } from '#libs/contracts/src/rules.js';

/** What does not count as a difference: the versions, the rules with what they hid, and the next version in the making. */
export function RulesPage() {
  usePageTitle('Rules');
  return <StaffDoor title="Rules">{() => <Rules />}</StaffDoor>;
}

function Rules() {
  const [params, setParams] = useSearchParams();
  const asked = Number(params.get('version'));
  const query = useRules(Number.isSafeInteger(asked) && asked > 0 ? asked : null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const { data, error, refetch } = query;
  const show = (version: number | null) =>
    setParams((before) => {
      if (version === null) before.delete('version');
      else before.set('version', String(version));
      return before;
    });
  return (
    <div className={layout.page}>
      <header className={layout.head}>
        <Crumbs path={[{ label: 'Staff', to: '/staff' }, { label: 'Rules' }]} />
        <h1>Rules of the comparison</h1>
        {data && <Facts view={data} />}
      </header>
      {error && !data && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Waiting forWhat="the rules" />}
      <OldAnswer query={query} />
      {data && draft && <Editor key={draft.basedOn} view={data} draft={draft} onChange={setDraft} />}
      {data && !draft && (
        <div className={style.columns}>
          <div className={style.column}>
            <RuleList view={data} />
            <Measured measured={data.measured} endpoints={data.endpoints} />
          </div>
          <div className={style.column}>
            {data.shown.version === data.current && (
              <Button
                onClick={() => {
                  show(null);
                  setDraft({ basedOn: data.current, base: data.rules.map(draftOf), rules: data.rules.map(draftOf) });
                }}
              >
                Change the rules
              </Button>
            )}
            <Versions view={data} onShow={show} />
          </div>
        </div>
      )}
    </div>
  );
}

function Facts({ view: { shown, current } }: { view: RulesView }) {
  return (
    <p className={style.facts}>
      <strong>
        Version {shown.version}
        {shown.version === current ? ', the newest' : ` of ${current}`}
      </strong>
      <span>
        published by {shown.author} <Age at={shown.publishedAt} />
      </span>
      <span>{shown.reason}</span>
    </p>
  );
}
