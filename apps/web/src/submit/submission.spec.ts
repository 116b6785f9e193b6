import { ApiProblem } from '../api/call.js';
import { fieldErrorsOf, noteOf } from './submission.js';
import type { ProblemDocument } from '#libs/contracts/src/problem.js';

const problem = (type: string, errors?: ProblemDocument['errors']) =>
  new ApiProblem({
    ...{
      type: `urn:lockstep:problem:${type}`,
      title: 'Title',
      status: 400,
      detail: 'Detail.',
      side: 'yours',
      next: 'Next.',
    },
    ...(errors ? { errors } : {}),
  });

describe('a refused submission', () => {
  it('is told once, at its fields, when every error has one', () => {
    const refused = problem('validation', [
      { path: 'url', message: 'must begin with http://' },
      { path: 'ownerToken', message: 'too long' },
    ]);
    expect(fieldErrorsOf(refused)).toEqual({ url: 'Must begin with http://.', claimCode: 'Too long.' });
    expect(noteOf(refused)).toBe('none');
  });

  it('is told at the field it is about, and the note says only what to do', () => {
    expect(fieldErrorsOf(problem('url-claimed'))).toEqual({ url: 'Detail.' });
    expect([noteOf(problem('url-claimed')), noteOf(problem('owner-token-wrong'))]).toEqual(['brief', 'brief']);
  });

  it('is told whole when it is about nothing typed here', () => {
    expect(noteOf(problem('service-down'))).toBe('whole');
    expect(
      noteOf(
        problem('validation', [
          { path: 'url', message: 'x' },
          { path: 'lab', message: 'y' },
        ]),
      ),
    ).toBe('whole');
  });
});
