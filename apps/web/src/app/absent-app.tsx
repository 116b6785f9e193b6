import { Button } from '@mantine/core';
import { Link } from 'react-router';
import style from './app-page.module.css';
import { SendLog } from './send-log.js';
import { useOwnApps } from '../api/own-apps.js';
import { FreezeNote } from '../board/freeze-note.js';
import { ClaimCode } from '../parts/claim-code.js';
import { Empty } from '../parts/states.js';
import type { BoardFreeze } from '#libs/contracts/src/gateway.js';

/** An app that is not on the board. Its owner gets the claim code here, which joining again asks for. */
export function AbsentApp({ appId, frozen }: { appId: string; frozen: BoardFreeze | null }) {
  const own = useOwnApps().find((one) => one.appId === appId);
  if (frozen?.hides) return <NotKnownThen name={own?.name} frozen={frozen} />;
  return (
    <div className={style.page}>
      <h1 className="hidden-text">App</h1>
      <Empty title={own ? `${own.name} does not take part` : 'This app does not take part'}>
        {own ? (
          <div className={style.again}>
            <p>It was withdrawn. To take part again, submit it again with its claim code.</p>
            <ClaimCode code={own.claimCode} />
            <Button component={Link} to={`/?again=${appId}`}>
              Submit it again
            </Button>
          </div>
        ) : (
          <p>
            It was withdrawn, or the address is wrong. <Link to="/leaderboard">The board</Link> shows who takes part.
          </p>
        )}
      </Empty>
      <SendLog appId={appId} isPresent={false} isOwn={own !== undefined} />
    </div>
  );
}

/** It may well take part by now; that is one of the things that are hidden. */
function NotKnownThen({ name, frozen }: { name: string | undefined; frozen: BoardFreeze }) {
  return (
    <div className={style.page}>
      <h1 className="hidden-text">App</h1>
      <FreezeNote frozen={frozen} />
      <Empty title={`${name ?? 'This app'} was not on the board then`}>
        <p>
          An app that joined since is filled and compared like every other. It is shown when staff thaw{' '}
          <Link to="/leaderboard">the board</Link>.
        </p>
      </Empty>
    </div>
  );
}
