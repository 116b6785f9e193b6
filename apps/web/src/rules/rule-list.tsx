import { keyOf, wordsOf } from './draft.js';
import style from './rules.module.css';
import panel from '../staff/staff.module.css';
import { plural } from '../parts/quantities.js';
import { Age, Moment } from '../parts/time.js';
import type { RulesView, ShownRule } from '#libs/contracts/src/rules.js';

/** Endpoint by endpoint: each rule as a sentence, why, by whom, and what it hid. */
export function RuleList({ view: { rules, endpoints } }: { view: RulesView }) {
  return endpoints.map(({ path, label }) => {
    const own = rules.filter(({ endpoint }) => endpoint === path);
    return (
      <section key={path} className={panel.panel} aria-label={`Rules of ${label}`}>
        <h2 className={style.endpoint}>
          {label} <span className="mono">{path}</span>
        </h2>
        {own.length === 0 && <p className={style.none}>{noRule(path)}</p>}
        <ul className={style.rules} hidden={own.length === 0}>
          {own.map((rule) => (
            <RuleLine key={keyOf(rule)} rule={rule} />
          ))}
        </ul>
      </section>
    );
  });
}

export const noRule = (endpoint: string): string =>
  endpoint.includes('/stats/')
    ? 'No rule: every figure must follow from the app’s own rows.'
    : 'No rule: everything is compared exactly.';

function RuleLine({ rule }: { rule: ShownRule }) {
  const { name, reason, author, createdAt, expiresAt, isExpired, hits } = rule;
  return (
    <li data-expired={isExpired || undefined}>
      <p className={style.words}>{wordsOf(rule)}</p>
      <p className={style.hits}>{isExpired ? 'expired' : plural(hits, 'hit')}</p>
      <p className={style.about}>
        <strong>{name}</strong>
        <span>{reason}</span>
        <span>
          by {author} <Age at={createdAt} />
        </span>
        {expiresAt && (
          <span>
            {isExpired ? 'applied until' : 'applies until'} <Moment at={expiresAt} />
          </span>
        )}
      </p>
    </li>
  );
}
