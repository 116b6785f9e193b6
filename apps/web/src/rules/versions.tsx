import style from './rules.module.css';
import panel from '../staff/staff.module.css';
import { plural } from '../parts/quantities.js';
import { Age } from '../parts/time.js';
import type { RulesView } from '#libs/contracts/src/rules.js';

interface VersionsProps {
  view: RulesView;
  onShow: (version: number | null) => void;
}

/** Who published what, when and why. Nothing of it is ever changed. */
export function Versions({ view: { versions, shown, current }, onShow }: VersionsProps) {
  return (
    <section className={panel.panel} aria-labelledby="versions-title">
      <h2 id="versions-title">Versions</h2>
      <ol className={style.versions}>
        {versions.map(({ version, author, reason, publishedAt, rules }) => (
          <li key={version}>
            <button
              type="button"
              aria-current={version === shown.version || undefined}
              onClick={() => onShow(version === current ? null : version)}
            >
              Version {version}
            </button>
            <span className={style.when}>
              {author} <Age at={publishedAt} />
            </span>
            <span className={style.why}>
              {reason} {plural(rules, 'rule')}.
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
