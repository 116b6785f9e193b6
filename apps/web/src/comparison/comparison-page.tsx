import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { Causes } from './causes.js';
import { ComparisonHead } from './comparison-head.js';
import style from './comparison.module.css';
import { curlLine } from './curl.js';
import { Differences } from './differences.js';
import { EndpointPanel, type Side } from './endpoint-panel.js';
import { EndpointStrip } from './endpoint-strip.js';
import { KeysHelp } from './keys-help.js';
import { Suspicions } from './suspicions.js';
import { useKeys } from './use-keys.js';
import { usePlace } from './use-place.js';
import { useComparison } from '../api/queries.js';
import { copyText } from '../parts/copy-button.js';
import { FreezeNote } from '../board/freeze-note.js';
import { useLiveBoard } from '../api/use-live-board.js';
import { OverrideNote } from '../overrides/override-note.js';
import { OverridePanel } from '../overrides/override-panel.js';
import { OldAnswer } from '../parts/old-answer.js';
import { tracePath } from '../parts/paths.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Waiting } from '../parts/states.js';
import { usePageTitle } from '../shell/page-title.js';
import type { ComparisonDetail } from '#libs/contracts/src/comparator.js';

/** Why an app has its verdict: the sentence, where, why, which rows; each deeper than the one before. */
export function ComparisonPage() {
  const { comparisonId = '' } = useParams();
  const query = useComparison(comparisonId);
  const { data, error, refetch } = query;
  usePageTitle(data ? `${data.appName}: comparison` : 'Comparison');
  if (data) return <Comparison comparison={data} notFresh={<OldAnswer query={query} />} />;
  if (!error) return <Waiting forWhat="the comparison" />;
  return (
    <>
      <h1 className={style.alone}>Comparison</h1>
      <ProblemNote error={error} onRetry={() => void refetch()} />
    </>
  );
}

/** While it goes on, nothing of what a first look saw is shown: nobody is blamed before the second look. */
function Comparison({ comparison, notFresh }: { comparison: ComparisonDetail; notFresh: React.ReactNode }) {
  const { frozen } = useLiveBoard().board;
  const isDone = comparison.state === 'done';
  const { endpoint, row, showEndpoint, showRow, showCause, walk } = usePlace(comparison);
  const [isHelping, setHelping] = useState(false);
  const [said, setSaid] = useState('');
  const navigate = useNavigate();

  const copyCurl = async (side: Side) => {
    if (!endpoint) return;
    const line = curlLine(endpoint[side].url);
    setSaid((await copyText(line)) ? `Copied: ${line}` : `Copy it by hand: ${line}`);
  };
  useKeys((key) => {
    setSaid('');
    const { traceId, comparisonId } = comparison;
    if (key === 'j' && isDone) walk(1);
    else if (key === 'k' && isDone) walk(-1);
    else if (key === 'c') void copyCurl('app');
    else if (key === 'b') void copyCurl('baseline');
    else if (key === 't' && traceId) void navigate(tracePath(traceId, comparisonId));
    else if (key === '?') setHelping(true);
    else if (/^[1-9]$/.test(key) && isDone) showCause(Number(key) - 1);
  });

  return (
    <div className={style.page}>
      <FreezeNote frozen={frozen} />
      <ComparisonHead comparison={comparison} onHelp={() => setHelping(true)} />
      {notFresh}
      {isDone && <OverrideNote override={comparison.override} />}
      <OverridePanel comparison={comparison} />
      {isDone && <Suspicions suspicions={comparison.suspicions} />}
      {endpoint && (
        <>
          <EndpointStrip
            isDone={isDone}
            endpoints={comparison.endpoints}
            chosen={endpoint.path}
            onChoose={showEndpoint}
          />
          {isDone && <Causes causes={comparison.causes} onChoose={showCause} />}
          <section
            id="endpoint-panel"
            role="tabpanel"
            aria-label={`${endpoint.label}: what was compared`}
            className={style.endpoint}
          >
            <EndpointPanel isDone={isDone} endpoint={endpoint} onCopyCurl={(side) => void copyCurl(side)} />
            {isDone && (
              <Differences
                key={endpoint.path}
                appId={comparison.appId}
                endpoint={endpoint}
                chosen={row}
                onChoose={(index) => showRow(endpoint.path, index)}
              />
            )}
          </section>
        </>
      )}
      <p role="status" className={said ? style.said : 'hidden-text'}>
        {said}
      </p>
      <KeysHelp isOpen={isHelping} onClose={() => setHelping(false)} />
    </div>
  );
}
