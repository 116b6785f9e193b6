import { isPassing } from './window.js';
import { ApiProblem } from '../api.js';
import { NotRunning } from '../installation.js';
import { Problem, type ProblemType } from '#libs/contracts/src/problem.js';

const answered = (type: ProblemType) => new ApiProblem(new Problem(type, 'It is so.', 'Wait.').document);

describe('who waits for a window that was accepted', () => {
  it.each<[string, boolean, unknown]>([
    ['is patient while the lab is away', true, new NotRunning()],
    ['is patient while a service of ours is away', true, answered('service-down')],
    ['is patient until the filler has heard of the window', true, answered('not-found')],
    ['gives up when he may not ask', false, answered('not-allowed')],
    ['gives up on a fault of the program', false, new TypeError('no such thing')],
  ])('%s: %s', (_what, passing, error) => {
    expect(isPassing(error)).toBe(passing);
  });
});
