import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { Causes } from './causes.js';
import { ComparisonHead } from './comparison-head.js';
import style from './comparison.module.css';
import { curlLine } from './curl.js';
import { Differences } from './differences.js';
import { EndpointPanel } from './endpoint-panel.js';
import { EndpointStrip } from './endpoint-strip.js';
import { KeysHelp } from './keys-help.js';
import { useKeys } from './use-keys.js';
import { usePlace } from './use-place.js';
import { useComparison } from '../api/queries.js';
import { copyText } from '../parts/copy-button.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Waiting } from '../parts/states.js';
import { usePageTitle } from '../shell/page-title.js';
import type { ComparisonDetail } from '#libs/contracts/src/comparator.js';

/** Why an app has its verdict: the sentence, where, why, which rows; each deeper than the one before. */
export function ComparisonPage() {
  const { comparisonId = '' } = useParams();
  const { data, error, refetch } = useComparison(comparisonId);
  usePageTitle(data ? `${data.appName}: comparison` : 'Comparison');
  if (data) return <Comparison comparison={data} />;
  if (!error) return <Waiting forWhat="the comparison" />;
  return (
    <>
      <h1 className={style.alone}>Comparison</h1>
      <ProblemNote error={error} onRetry={() => void refetch()} />
    </>
  );
}

function Comparison({ comparison }: { comparison: ComparisonDetail }) {
  const { endpoint, row, showEndpoint, showRow, showCause, walk } = usePlace(comparison);
  const [isHelping, setHelping] = useState(false);
  const [said, setSaid] = useState('');
  const navigate = useNavigate();

  const copyCurl = async () => {
    if (!endpoint) return;
    const line = curlLine(endpoint.app.url);
    setSaid((await copyText(line)) ? `Copied: ${line}` : `Copy it by hand: ${line}`);
  };
  useKeys((key) => {
    setSaid('');
    if (key === 'j') walk(1);
    else if (key === 'k') walk(-1);
    else if (key === 'c') void copyCurl();
    else if (key === 't' && comparison.traceId) void navigate(`/traces/${comparison.traceId}`);
    else if (key === '?') setHelping(true);
    else if (/^[1-9]$/.test(key)) showCause(Number(key) - 1);
  });

  return (
    <div className={style.page}>
      <ComparisonHead comparison={comparison} onHelp={() => setHelping(true)} />
      {comparison.endpoints.length > 0 && endpoint && (
        <>
          <EndpointStrip endpoints={comparison.endpoints} chosen={endpoint.path} onChoose={showEndpoint} />
          <Causes causes={comparison.causes} onChoose={showCause} />
          <section
            id="endpoint-panel"
            role="tabpanel"
            aria-label={`${endpoint.label}: what was compared`}
            className={style.endpoint}
          >
            <EndpointPanel endpoint={endpoint} onCopyCurl={() => void copyCurl()} />
            <Differences
              key={endpoint.path}
              endpoint={endpoint}
              chosen={row}
              onChoose={(index) => showRow(endpoint.path, index)}
            />
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
