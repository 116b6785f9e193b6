import { useEffect, useRef } from 'react';
import { Link, NavLink, Outlet, ScrollRestoration, useLocation, useNavigation, useSearchParams } from 'react-router';
import style from './shell.module.css';
import { ThemeSwitch } from './theme-switch.js';
import { Mark } from '../parts/mark.js';

const pages = [
  { to: '/leaderboard', label: 'Board' },
  { to: '/', label: 'Submit' },
  { to: '/traces', label: 'Traces' },
  { to: '/staff', label: 'Staff' },
];

/** What stands around every page; `?kiosk=1` takes it away and makes the type large. */
export function Shell() {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const isKiosk = useSearchParams()[0].get('kiosk') === '1';
  const isLoading = useNavigation().state === 'loading';
  useFocusOnNewPage(main, pathname);
  useEffect(() => {
    document.documentElement.toggleAttribute('data-kiosk', isKiosk);
  }, [isKiosk]);
  return (
    <>
      {!isKiosk && (
        <header className={style.header}>
          <a className={style.skip} href="#content">
            Skip to content
          </a>
          <Link to="/leaderboard" className={style.home} aria-label="Lockstep, to the board">
            <Mark state={isLoading ? 'nearing' : 'apart'} />
            <span className={style.name}>Lockstep</span>
          </Link>
          <nav className={style.nav} aria-label="Pages">
            {pages.map(({ to, label }) => (
              <NavLink key={to} to={to} end={to === '/'} className={style.link}>
                {label}
              </NavLink>
            ))}
          </nav>
          <ThemeSwitch />
        </header>
      )}
      <main id="content" ref={main} tabIndex={-1} className={style.main}>
        <Outlet />
      </main>
      <ScrollRestoration />
    </>
  );
}

/** Keyboard and screen reader begin at the new page, as they would after a full load. */
function useFocusOnNewPage(main: React.RefObject<HTMLElement | null>, pathname: string): void {
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current !== pathname) main.current?.focus({ preventScroll: true });
    shown.current = pathname;
  }, [main, pathname]);
}
