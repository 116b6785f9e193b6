import { Button } from '@mantine/core';
import { IconKeyboard, IconListDetails, IconTimeline } from '@tabler/icons-react';
import { Link } from 'react-router';
import style from './comparison.module.css';
import { shortSentence } from '../overrides/override-note.js';
import { CopyButton } from '../parts/copy-button.js';
import { Crumbs } from '../parts/crumbs.js';
import { isJudged } from '../parts/endpoint-words.js';
import { sendLogPath, tracePath } from '../parts/paths.js';
import { count, plural } from '../parts/quantities.js';
import { Age, Elapsed } from '../parts/time.js';
import { VerdictTag } from '../parts/verdict.js';
import type { ComparisonDetail } from '#libs/contracts/src/comparator.js';

const triggers: Record<ComparisonDetail['trigger'], string> = {
  staff: 'asked for by staff',
  nats: 'asked for by staff over NATS',
  schedule: 'on schedule',
  'first-fill': 'after the first fill',
};

export function ComparisonHead({ comparison, onHelp }: { comparison: ComparisonDetail; onHelp: () => void }) {
  const { comparisonId, appId, appName, traceId, state, verdict, sentence } = comparison;
  return (
    <header className={style.head}>
      <Crumbs
        path={[
          { label: 'Board', to: '/leaderboard' },
          { label: appName, to: `/apps/${appId}` },
          { label: 'Comparison' },
        ]}
      />
      {state === 'done' ? <VerdictTag verdict={verdict} wash /> : <Stages comparison={comparison} />}
      <h1 className={style.sentence}>{state === 'done' ? shortSentence(comparison) : underWay[state](sentence)}</h1>
      <Facts comparison={comparison} />
      <div className={style.links}>
        {traceId && (
          <Button
            component={Link}
            to={tracePath(traceId, comparisonId)}
            variant="default"
            size="xs"
            leftSection={<IconTimeline size={14} />}
          >
            Trace
          </Button>
        )}
        <Button
          component={Link}
          to={sendLogPath(appId)}
          variant="default"
          size="xs"
          leftSection={<IconListDetails size={14} />}
        >
          Send log
        </Button>
        <CopyButton text={window.location.href} label="Copy link" />
        <Button variant="default" size="xs" leftSection={<IconKeyboard size={14} />} onClick={onHelp}>
          Keys
        </Button>
      </div>
    </header>
  );
}

function Facts({ comparison }: { comparison: ComparisonDetail }) {
  const { trigger, looks, acknowledged, requestedAt, computedAt, rulesVersion } = comparison;
  return (
    <p className={style.facts}>
      <span>
        {computedAt ? (
          <>
            compared <Age at={computedAt} />
          </>
        ) : (
          <>
            asked for <Age at={requestedAt} />
          </>
        )}
      </span>
      {comparison.isHeldBack && <strong>held back: only staff see it</strong>}
      <span>{triggers[trigger]}</span>
      {looks > 0 && <span>{plural(looks, 'look')}</span>}
      {rulesVersion !== null && <span>by version {rulesVersion} of the rules</span>}
      {looks > 0 && <span>{plural(acknowledged, 'write')} acknowledged</span>}
      <Lost comparison={comparison} />
    </p>
  );
}

/** Said only of what was judged: of an app that could not be read nobody knows. What was measured stays so, whatever staff say of it. */
function Lost({ comparison }: { comparison: ComparisonDetail }) {
  const { state, appId, acknowledged, lostAfterAck } = comparison;
  const verdict = comparison.override?.machine.verdict ?? comparison.verdict;
  if (state !== 'done' || verdict === 'pending') return null;
  if (!isJudged(verdict)) return <span>not judged this time</span>;
  if (acknowledged === 0) return null;
  if (lostAfterAck === 0) return <span>none lost after that</span>;
  return (
    <Link to={sendLogPath(appId, 'acknowledged-then-missing')}>{count(lostAfterAck)} of them lost after that</Link>
  );
}

const underWay = {
  queued: () => 'Waiting for its turn to be compared',
  comparing: () => 'Reading both sides and comparing them',
  /** The comparator says what it looks at again, and when; never whose fault it is. */
  'second-look': (sentence: string) => sentence || 'Looking again before anybody is blamed',
};
const stages = ['queued', 'comparing', 'second-look', 'done'] as const;
const stageWords = { queued: 'Queued', comparing: 'Comparing', 'second-look': 'Second look', done: 'Done' };

function Stages({ comparison: { state, requestedAt } }: { comparison: ComparisonDetail }) {
  const at = stages.indexOf(state);
  return (
    <ol className={style.stages} aria-label={`State: ${stageWords[state]}`}>
      {stages.map((stage, index) => (
        <li key={stage} data-state={index < at ? 'past' : index === at ? 'now' : 'ahead'}>
          {stageWords[stage]}
          {index === at && (
            <>
              {' '}
              <Elapsed since={requestedAt} />
            </>
          )}
        </li>
      ))}
    </ol>
  );
}
