import { askAgainMs } from './ask-again.js';
import { ApiProblem } from './call.js';

const answered = (status: number, side: 'yours' | 'ours') =>
  new ApiProblem({ type: 'urn:lockstep:problem:x', title: '', status, detail: '', side, next: '' });

describe('what somebody watches', () => {
  it('is asked for again until it is over', () => {
    expect(askAgainMs(false, null, 500)).toBe(500);
    expect(askAgainMs(true, null, 500)).toBe(false);
  });

  it('is asked for again after an outage, more slowly, and never stops by itself', () => {
    expect(askAgainMs(false, answered(503, 'ours'), 500)).toBe(3_000);
    expect(askAgainMs(false, answered(500, 'ours'), 10_000)).toBe(10_000);
  });

  it('is not asked for again when it is not there', () => {
    expect(askAgainMs(false, answered(404, 'yours'), 500)).toBe(false);
  });
});
