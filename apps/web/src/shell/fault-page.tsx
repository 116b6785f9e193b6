import { Button } from '@mantine/core';
import { useRouteError } from 'react-router';
import { usePageTitle } from './page-title.js';
import { ProblemNote } from '../parts/problem-note.js';

/** A page that broke. What the server holds is untouched, and the other pages still work. */
export function FaultPage() {
  usePageTitle('Something broke');
  const error = useRouteError();
  return (
    <div style={{ display: 'grid', gap: '1.25rem', maxWidth: '44rem' }}>
      <h1>This page broke</h1>
      <ProblemNote error={isOldCopy(error) ? new Error('Lockstep was updated while this page was open.') : error} />
      <div>
        <Button onClick={() => window.location.reload()}>Load it again</Button>
      </div>
    </div>
  );
}

/** After an update the parts of the older pages are gone. */
const isOldCopy = (error: unknown): boolean =>
  error instanceof TypeError && /dynamically imported module|module script/i.test(error.message);
