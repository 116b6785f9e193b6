import { Link, useSearchParams } from 'react-router';
import style from './windows.module.css';
import { DeclareWindow } from './declare-window.js';
import { lengthText, ProofTag } from './proof-words.js';
import { WindowView } from './window-view.js';
import { useOwnApps } from '../api/own-apps.js';
import { useSession, useWindowsOf } from '../api/queries.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Age } from '../parts/time.js';

/** Was it down while it moved? The newest window, or the one in the address, and those before it. */
export function AppWindows({ appId }: { appId: string }) {
  const { data: windows, error, refetch } = useWindowsOf(appId);
  const [params, setParams] = useSearchParams();
  const claimCode = useOwnApps().find((own) => own.appId === appId)?.claimCode;
  const isStaff = Boolean(useSession().data);
  const shownId = params.get('window') ?? windows?.[0]?.windowId;
  const forget = () =>
    setParams((before) => {
      before.delete('window');
      return before;
    });
  return (
    <section className={style.section} id="windows">
      <div className={style.titled}>
        <h2>Zero downtime</h2>
        {(claimCode || isStaff) && <DeclareWindow appId={appId} claimCode={claimCode} onDeclared={forget} />}
      </div>
      {error && !windows && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {windows?.length === 0 && !shownId && (
        <p className={style.none}>
          Not watched yet. When its move begins, its owner or staff say so here: reads five times a second and a write a
          second then show whether it was down, and whether it lost anything.
        </p>
      )}
      {shownId && <WindowView key={shownId} windowId={shownId} />}
      {windows && windows.length > 1 && (
        <ul className={style.list}>
          {windows.map((window) => (
            <li key={window.windowId}>
              <Link
                to={`?window=${window.windowId}#windows`}
                className={style.row}
                aria-current={window.windowId === shownId || undefined}
              >
                <ProofTag window={window} />
                <span>
                  {lengthText(window.lengthMs)}
                  {window.reasons[0] && ` · ${window.reasons[0]}`}
                </span>
                <Age at={window.declaredAt} />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
