import style from './staff.module.css';
import type { ApiProblem } from '../api/call.js';
import { ProblemNote } from '../parts/problem-note.js';

/** What came of the last order, where it was given. */
export function Said({ said, problem }: { said: string | null; problem: ApiProblem | null }) {
  return (
    <>
      <p role="status" className={said ? style.said : 'hidden-text'}>
        {said}
      </p>
      {problem && problem.kind !== 'sign-in-needed' && <ProblemNote error={problem} />}
    </>
  );
}
