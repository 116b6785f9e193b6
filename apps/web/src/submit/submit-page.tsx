import { useEffect, useRef, useState } from 'react';
import { Button } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import style from './submit.module.css';
import { LabsHere } from './labs-here.js';
import { valuesOf } from './submission.js';
import { SubmissionForm } from './submission-form.js';
import { usePreflight } from './use-preflight.js';
import { useOwnApps } from '../api/own-apps.js';
import { useTimers } from '../api/queries.js';
import { ClaimCode } from '../parts/claim-code.js';
import { NewAppsLeft } from './new-apps-left.js';
import { Mark } from '../parts/mark.js';
import { left } from '../parts/quantities.js';
import { usePageTitle } from '../shell/page-title.js';
import type { SubmittedApp } from '#libs/contracts/src/gateway.js';

const nothing = { name: '', url: '', team: '', pseudonym: '', claimCode: '' };

/**
 * An app of this browser that joins again, or is checked again: `?again=` names it, and its claim code comes with it. `&url=` is its
 * address of now, if another browser may have changed it.
 */
function useInitial() {
  const params = useSearchParams()[0];
  const own = useOwnApps().find(({ appId }) => appId === params.get('again'));
  if (!own) return nothing;
  const values = valuesOf(own);
  return { ...values, url: params.get('url') ?? values.url };
}

export function SubmitPage() {
  usePageTitle('Submit');
  const [accepted, setAccepted] = useState<SubmittedApp | null>(null);
  const initial = useInitial();
  const check = usePreflight();
  const onAccepted = (app: SubmittedApp) => {
    check.leave();
    setAccepted(app);
  };
  return (
    <div className={style.page}>
      <Introduction />
      <section className={style.card} aria-label="Submission">
        {accepted ? (
          <Accepted app={accepted} onAnother={() => setAccepted(null)} />
        ) : (
          <>
            <h2>Submit your app</h2>
            <OwnApps />
            <SubmissionForm initial={initial} label="Submit" onAccepted={onAccepted} check={check} />
          </>
        )}
      </section>
    </div>
  );
}

function Introduction() {
  const fill = useTimers().data?.fill;
  const rhythm = fill?.on ? `Every ${left(fill.intervalSeconds * 1_000)}` : 'Again and again';
  return (
    <section className={style.introduction}>
      <Mark size={56} />
      <h1>Migrate while everybody is writing, and lose nothing</h1>
      <ol className={style.steps}>
        <li>
          <strong>You submit</strong> the address of your running app. You can migrate it whenever you like.
        </li>
        <li>
          <strong>{rhythm} we write</strong> the same entries, moods and values to the baseline and to every app.
        </li>
        <li>
          <strong>The board shows live</strong> who is in sync, and names every row that an app acknowledged and lost.
        </li>
      </ol>
      <p className={style.aside}>
        <Link to="/leaderboard">See the board</Link>
      </p>
      <LabsHere />
    </section>
  );
}

function OwnApps() {
  const own = useOwnApps();
  if (own.length === 0) return null;
  return (
    <p className={style.own}>
      From this browser you submitted{' '}
      {own.slice(0, 3).map(({ appId, name, isWithdrawn }, index) => (
        <span key={appId}>
          {index > 0 && ', '}
          <Link to={`/apps/${appId}`}>{name}</Link>
          {isWithdrawn && ' (withdrawn)'}
        </span>
      ))}
      {own.length > 3 && ` and ${own.length - 3} more`}. Change or withdraw it on its own page.
    </p>
  );
}

function Accepted({ app, onAnother }: { app: SubmittedApp; onAnother: () => void }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <div className={style.accepted}>
      <Mark state="aligned" size={40} />
      <h2 ref={title} tabIndex={-1}>
        {app.created ? `${app.name} takes part` : `${app.name} is changed`}
      </h2>
      {app.pseudonym && <p>The board calls it {app.pseudonym}; only staff see who is behind it.</p>}
      {app.claimCode && (
        <ClaimCode
          code={app.claimCode}
          label="Your claim code"
          help="With it you can change or withdraw the app. This browser remembers it; keep a copy, since nobody can give it to you again."
        />
      )}
      <p>
        <WhenFilled />
      </p>
      <NewAppsLeft />
      <div className={style.actions}>
        <Button component={Link} to={`/leaderboard?app=${app.appId}`} size="md">
          Watch it on the board
        </Button>
        <button type="button" className={style.reveal} onClick={onAnother}>
          Submit another app
        </button>
      </div>
    </div>
  );
}

/** Only what is true now: with fills switched off nothing comes within seconds. */
function WhenFilled() {
  const isOff = useTimers().data?.fill?.on === false;
  return isOff
    ? 'Fills are switched off now; your app is filled when staff switch them on.'
    : 'Your app is filled within seconds, and compared when the fill has closed.';
}
