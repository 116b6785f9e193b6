import { useState } from 'react';
import { Button, Modal } from '@mantine/core';
import { Link } from 'react-router';
import style from './app-page.module.css';
import { ApiProblem, call } from '../api/call.js';
import { markWithdrawn, useOwnApps, type OwnApp } from '../api/own-apps.js';
import { queryClient, useSession } from '../api/queries.js';
import { ClaimCode } from '../parts/claim-code.js';
import { CopyButton } from '../parts/copy-button.js';
import { ProblemNote } from '../parts/problem-note.js';
import { valuesOf, type SubmissionValues } from '../submit/submission.js';
import { SubmissionForm } from '../submit/submission-form.js';

/** What the tools need of an app; the board and the list of apps both have it. */
type App = Readonly<Record<'appId' | 'name' | 'url', string> & { team: string | null }>;

/** For its owner, known by the claim code of this browser, and for staff, who may withdraw any app. */
export function OwnerTools({ app }: { app: App }) {
  const own = useOwnApps().find(({ appId }) => appId === app.appId);
  const claimCode = own?.claimCode;
  const isStaff = Boolean(useSession().data);
  const [open, setOpen] = useState<'change' | 'withdraw' | null>(null);
  if (!claimCode && !isStaff) return null;
  const close = () => setOpen(null);
  return (
    <div className={style.tools}>
      {claimCode && (
        <Button variant="default" size="xs" onClick={() => setOpen('change')}>
          Change
        </Button>
      )}
      {claimCode && (
        <Button component={Link} to={checkPath(app)} variant="default" size="xs">
          Check it again
        </Button>
      )}
      {claimCode && <CopyButton text={claimCode} label="Copy claim code" />}
      <Button variant="default" size="xs" onClick={() => setOpen('withdraw')}>
        Withdraw
      </Button>
      <Modal opened={open === 'change'} onClose={close} title={`Change ${app.name}`} closeButtonProps={closeButton}>
        <SubmissionForm initial={changeOf(app, own)} label="Change it" onAccepted={close} onCancel={close} />
      </Modal>
      <Modal opened={open === 'withdraw'} onClose={close} title={`Withdraw ${app.name}`} closeButtonProps={closeButton}>
        <Withdraw app={app} claimCode={claimCode} onClose={close} />
      </Modal>
    </div>
  );
}

/** What the board says is newer, since other windows may have changed it; but under a pseudonym it says neither name nor team. */
const changeOf = ({ name, team, url }: App, own: OwnApp | undefined): SubmissionValues =>
  own?.pseudonym === name
    ? { ...valuesOf(own), url }
    : { ...{ name, url, team: team ?? '' }, pseudonym: '', claimCode: own?.claimCode ?? '' };

/** To the form with this app in it, at the address that it has now. */
const checkPath = ({ appId, url }: App): string => `/?${new URLSearchParams({ again: appId, url }).toString()}`;

const closeButton = { 'aria-label': 'Close' };

interface WithdrawProps {
  app: App;
  claimCode: string | undefined;
  onClose: () => void;
}

function Withdraw({ app, claimCode, onClose }: WithdrawProps) {
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [isSending, setSending] = useState(false);
  const withdraw = async () => {
    setSending(true);
    try {
      await call(`/api/v1/apps/${encodeURIComponent(app.appId)}`, {
        method: 'DELETE',
        ...(claimCode ? { headers: { 'x-claim-code': claimCode } } : {}),
      });
      markWithdrawn(app.appId);
      void queryClient.invalidateQueries({ queryKey: ['apps'] });
      onClose();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
    } finally {
      setSending(false);
    }
  };
  return (
    <div className={style.confirm}>
      <p>
        It is filled and compared no more, and leaves the board. Its send log stays. To take part again, submit it again
        {claimCode ? ' with its claim code, which this browser keeps:' : '.'}
      </p>
      {claimCode && <ClaimCode code={claimCode} />}
      {problem && <ProblemNote error={problem} />}
      <div className={style.tools}>
        <Button color="red.8" loading={isSending} onClick={() => void withdraw()}>
          Withdraw it
        </Button>
        <Button variant="default" onClick={onClose}>
          Keep it
        </Button>
      </div>
    </div>
  );
}
