import { useId, useState } from 'react';
import { NativeSelect } from '@mantine/core';
import { Link } from 'react-router';
import panel from './staff.module.css';
import { DeclareWindow } from '../windows/declare-window.js';
import style from '../windows/windows.module.css';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';

/** An app's cutover begins now: staff may declare it for any app; what comes of it is on the app's page. */
export function WindowPanel({ rows }: { rows: readonly BoardRow[] }) {
  const [chosen, setChosen] = useState('');
  const fieldId = useId();
  const apps = rows.toSorted((a, b) => a.name.localeCompare(b.name));
  const app = apps.find(({ appId }) => appId === chosen) ?? apps[0];
  if (!app) return null;
  return (
    <section className={panel.panel} aria-labelledby="window-title">
      <div className={panel.titled}>
        <h2 id="window-title">Zero downtime</h2>
        <Link to={`/apps/${app.appId}#windows`}>Its windows</Link>
      </div>
      <div className={style.fields}>
        <label htmlFor={fieldId}>App</label>
        <NativeSelect
          id={fieldId}
          size="xs"
          value={app.appId}
          data={apps.map(({ appId, name }) => ({ value: appId, label: name }))}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
      </div>
      <DeclareWindow key={app.appId} appId={app.appId} claimCode={undefined} />
    </section>
  );
}
