import { wordsOf, blankRule } from './draft.js';
import style from './rules.module.css';
import panel from '../staff/staff.module.css';
import { count } from '../parts/quantities.js';
import { Age } from '../parts/time.js';
import type { MeasuredRule, RulesView } from '#libs/contracts/src/rules.js';

interface MeasuredProps {
  measured: readonly MeasuredRule[];
  endpoints: RulesView['endpoints'];
}

/** What the baseline and its shadow differ in although both were written the same: it blames nobody, and nobody had to type it. */
export function Measured({ measured, endpoints }: MeasuredProps) {
  const labelOf = (path: string) => endpoints.find((one) => one.path === path)?.label ?? path;
  return (
    <section className={panel.panel} aria-labelledby="measured-title">
      <h2 id="measured-title">Measured noise</h2>
      {measured.length === 0 && (
        <p className={style.none}>
          None. With a second baseline (<code className="mono">SHADOW_BASELINE_URL</code>) what two equal baselines
          differ in is measured, and counts against nobody.
        </p>
      )}
      <ul className={style.rules} hidden={measured.length === 0}>
        {measured.map((rule) => (
          <li key={`${rule.endpoint} ${rule.path}`} data-expired={!rule.isInForce || undefined}>
            <p className={style.words}>
              {labelOf(rule.endpoint)}: {wordsOf({ ...blankRule(rule.endpoint), path: rule.path })}
            </p>
            <p className={style.hits}>{rule.isInForce ? 'measured' : 'no longer'}</p>
            <p className={style.about}>
              <span>
                differed in {count(rule.differed)} of {count(rule.compared)}
              </span>
              <span>
                last seen <Age at={rule.lastSeenAt} />
              </span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
