import { Button } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { Automation } from './automation.js';
import { ComparePanel } from './compare-panel.js';
import { FillPanel } from './fill-panel.js';
import { FreezePanel } from './freeze-panel.js';
import { HeldBack } from './held-back.js';
import { OperationsPanel } from './operations-panel.js';
import { Said } from './said.js';
import style from './staff.module.css';
import { Suspects } from './suspects.js';
import { useOrder } from './use-order.js';
import { WindowPanel } from './window-panel.js';
import type { LiveState } from '../api/live-board.js';
import { queryClient, useTimers } from '../api/queries.js';
import { rememberSignIn } from '../api/sign-in-memory.js';
import { seeAsAnother, useLiveBoard } from '../api/use-live-board.js';
import { FreezeNote } from '../board/freeze-note.js';
import { LiveBadge } from '../board/live-badge.js';
import { NothingHeardYet } from '../board/no-rows.js';
import { StaleNote } from '../board/stale-note.js';
import { Waiting } from '../parts/states.js';
import type { SignedIn } from '#libs/contracts/src/gateway.js';

const sections = [
  { name: 'lab', label: 'Lab' },
  { name: 'operations', label: 'Operations' },
] as const;

interface ConsoleProps {
  session: SignedIn;
  onSignedOut: () => void;
}

export function Console({ session, onSignedOut }: ConsoleProps) {
  const live = useLiveBoard();
  const [params, setParams] = useSearchParams();
  const chosen = params.get('section') === 'operations' ? 'operations' : 'lab';
  const order = useOrder<void>(() => 'Signed out.');
  const signOut = async () => {
    if (!(await order.send('/api/v1/session', { method: 'DELETE' }))) return;
    rememberSignIn(false);
    // What only staff may read is not kept: suspicions, and everything while the scoreboard is frozen.
    queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
    onSignedOut();
    queryClient.setQueryData(['session'], null);
    seeAsAnother();
    queryClient.removeQueries({ queryKey: ['apps'] });
  };
  return (
    <div className={style.page}>
      <header className={style.head}>
        <h1>Staff</h1>
        <LiveBadge live={live} />
        <p className={style.who}>
          {session.name}
          <Button variant="default" size="xs" onClick={() => void signOut()}>
            Sign out
          </Button>
        </p>
      </header>
      <Said {...order} />
      <nav className={style.sections} aria-label="Sections">
        {sections.map(({ name, label }) => (
          <button
            key={name}
            type="button"
            aria-current={chosen === name || undefined}
            onClick={() =>
              setParams((before) => {
                before.set('section', name);
                return before;
              })
            }
          >
            {label}
          </button>
        ))}
        <Link to="/staff/rules">Rules</Link>
        <Link to="/staff/unknown">Unknown verdicts</Link>
      </nav>
      <StaleNote live={live} />
      <FreezeNote frozen={live.board.frozen} />
      {chosen === 'operations' ? <OperationsPanel /> : <LabPanels live={live} />}
    </div>
  );
}

/** Comparing needs the list of the board; fills and timers are asked for themselves while the stream says nothing. */
function LabPanels({ live }: { live: LiveState }) {
  const isSilent = live.lastHeardAt === null;
  const asked = useTimers().data;
  const timers = isSilent ? asked : live.board.timers;
  return (
    <div className={style.lab}>
      {isSilent ? <NothingHeardYet /> : <ComparePanel rows={live.board.rows} />}
      <div className={style.beside}>
        <HeldBack rows={live.board.rows} />
        <FillPanel fill={live.board.fill} />
        <Suspects />
        <FreezePanel frozen={live.board.frozen} />
        <WindowPanel rows={live.board.rows} />
        {timers ? <Automation timers={timers} /> : <Waiting forWhat="the timers" />}
      </div>
    </div>
  );
}
