import { Link } from 'react-router';
import style from './crumbs.module.css';

interface CrumbsProps {
  /** From the outermost page inwards; the last is where one is and needs no address. */
  path: readonly { label: string; to?: string; isCode?: boolean }[];
}

export function Crumbs({ path }: CrumbsProps) {
  return (
    <nav className={style.crumbs} aria-label="Where you are">
      {path.map(({ label, to, isCode }) => (
        <span key={label} className={isCode ? 'mono' : undefined}>
          {to ? <Link to={to}>{label}</Link> : label}
        </span>
      ))}
    </nav>
  );
}
