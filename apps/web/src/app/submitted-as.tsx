import style from './app-page.module.css';
import { useAppsWithNames, useSession } from '../api/queries.js';

/** Who is behind a pseudonym: for staff, and asked for by nobody else. */
export function SubmittedAs({ appId }: { appId: string }) {
  const isStaff = Boolean(useSession().data);
  const real = useAppsWithNames(isStaff).data?.find((app) => app.appId === appId)?.real;
  if (!isStaff || !real) return null;
  return (
    <p className={style.real}>
      A pseudonym; only staff see that this is <strong>{real.name}</strong>
      {real.team && `, team ${real.team}`}.
    </p>
  );
}
