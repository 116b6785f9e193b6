import style from './windows.module.css';
import { lengthText, ProofTag } from './proof-words.js';
import { Strip } from './strip.js';
import { useWindow } from '../api/queries.js';
import { CopyButton } from '../parts/copy-button.js';
import { OldAnswer } from '../parts/old-answer.js';
import { ProblemNote } from '../parts/problem-note.js';
import { count, exact } from '../parts/quantities.js';
import { Waiting } from '../parts/states.js';
import { Moment } from '../parts/time.js';
import type { ProbeWindow } from '#libs/contracts/src/windows.js';

/** One window: its verdict with the reason, the strip, outages with begin and end, figures, evidence. */
export function WindowView({ windowId }: { windowId: string }) {
  const query = useWindow(windowId);
  const { data: window, error, refetch } = query;
  if (!window && error) return <ProblemNote error={error} onRetry={() => void refetch()} />;
  if (!window) return <Waiting forWhat="the window" />;
  const { opensAt, lengthMs, readEveryMs, writeEveryMs, declaredBy } = window;
  return (
    <article className={style.window}>
      <p className={style.line}>
        <ProofTag window={window} />
        <span>{sentenceOf(window)}</span>
      </p>
      {window.reasons.slice(1).map((reason) => (
        <p key={reason} className={style.reason}>
          {reason}
        </p>
      ))}
      <OldAnswer query={query} />
      <Strip cells={window.strip} />
      <p className={style.about}>
        {lengthText(lengthMs)}
        {opensAt && (
          <>
            {' '}
            from <Moment at={opensAt} />
          </>
        )}
        , declared by {declaredBy}. Read every {readEveryMs} ms, written to every {writeEveryMs / 1_000} s.
      </p>
      <Outages window={window} />
      <Figures window={window} />
      <Evidence window={window} />
    </article>
  );
}

function sentenceOf({ state, reasons, atMs, lengthMs, figures }: ProbeWindow): string {
  if (state === 'closed') return reasons[0] ?? '';
  if (state === 'due') return 'The first probe leaves within a second.';
  if (state === 'looking') return 'It is over. Its writes are looked for before anything is said.';
  const { read, write } = figures.classes;
  const down = read.downtimeMs + write.downtimeMs > 0 ? 'It was down: see below.' : 'Not down so far.';
  return `${Math.floor(atMs / 1_000)} of ${lengthMs / 1_000} s. ${down}`;
}

const classWords = { read: 'reads', write: 'writes', 'read-your-write': 'read-your-write' } as const;
const classes = ['read', 'write', 'read-your-write'] as const;

function Outages({ window: { figures, opensAt } }: { window: ProbeWindow }) {
  const outages = classes.flatMap((of) => figures.classes[of].outages.map((outage) => ({ of, ...outage })));
  if (outages.length === 0 || !opensAt) return null;
  return (
    <div className={style.scroll} role="region" aria-label="Outages" tabIndex={0}>
      <table className={style.outages}>
        <caption className="hidden-text">Outages</caption>
        <thead>
          <tr>
            {['Down for', 'From', 'To', 'Length', 'Failed', 'Why'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {outages.map(({ of, fromMs, toMs, failed, why, isOpen }) => (
            <tr key={`${of} ${fromMs}`}>
              <td>{classWords[of]}</td>
              <Instant opensAt={opensAt} ms={fromMs} />
              <Instant opensAt={opensAt} ms={toMs} suffix={isOpen ? ' and on' : ''} />
              <td className="figures">{count(toMs - fromMs)} ms</td>
              <td className="figures">{count(failed)}</td>
              <td className="mono">{why}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const toTheMs = new Intl.DateTimeFormat('en-GB', {
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 },
});

function Instant({ opensAt, ms, suffix = '' }: { opensAt: string; ms: number; suffix?: string }) {
  const at = new Date(Date.parse(opensAt) + ms);
  return (
    <td className="mono" title={exact(at.toISOString())}>
      {toTheMs.format(at)}
      {suffix}
    </td>
  );
}

function Figures({ window: { figures } }: { window: ProbeWindow }) {
  const { inWindow, after, writes, longestGapMs, blindMs } = figures;
  const times = ({ p50Ms, p99Ms }: typeof inWindow) => (p99Ms === null ? '–' : `${p50Ms} / ${p99Ms} ms`);
  const downtime = classes.map((of) => [`Down, ${classWords[of]}`, `${count(figures.classes[of].downtimeMs)} ms`]);
  const answered = `${count(figures.classes.read.ok)} of ${count(figures.classes.read.sent)}`;
  const rows = [
    ...downtime,
    ['Writes lost', `${writes.lost.length} of ${writes.acknowledged}`],
    ['Longest without an answer', `${count(longestGapMs)} ms`],
    ['Reads answered', answered],
    ['p50 / p99 in the window', times(inWindow)],
    ['p50 / p99 after it', times(after)],
    ['Not seen by us', `${count(blindMs)} ms`],
  ];
  return (
    <dl className={style.figures}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="figures">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Evidence({ window: { windowId, head } }: { window: ProbeWindow }) {
  if (!head) return null;
  return (
    <div className={style.evidence}>
      <a href={`/api/v1/windows/${windowId}/evidence`} download>
        Download the evidence
      </a>
      <span>
        its last hash <code className="mono">{head.slice(0, 16)}…</code>
      </span>
      <CopyButton
        text={`./lockstep verify-evidence lockstep-evidence-${windowId}.json --head ${head}`}
        label="Copy the check"
      />
    </div>
  );
}
