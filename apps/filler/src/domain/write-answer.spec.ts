import { judgeAnswer } from './write-answer.js';

const outcome = (kind: 'entry' | 'mood' | 'value', status: number, body?: string) =>
  judgeAnswer(kind, status, body).outcome;

describe('the answer to a write', () => {
  it.each([
    ['entry', '{"ok":true,"entry":{"id":1,"text":"x","created_at":"2026-11-20T10:04:02.320Z"}}'],
    ['entry', '{"ok":true}'],
    ['entry', '{"id":1,"text":"x"}'],
    ['entry', '{"entry":{"id":1,"text":"x"},"error":null}'],
    ['mood', '{"ok":true,"mood":{"id":5,"mood":"happy","note":"","created_at":"2026-11-20T10:04:02.534Z"}}'],
    ['mood', '{"id":5,"mood":"happy","note":"{\\"ok\\":false}"}'],
    ['value', '{"working":true}'],
    ['value', '{"number":42}'],
  ] as const)('for %s acknowledges it when it says so in the contract’s words: %s', (kind, body) => {
    expect(judgeAnswer(kind, 200, body)).toEqual({ outcome: 'acknowledged', reason: null });
    expect(outcome(kind, 201, body)).toBe('acknowledged');
  });

  it.each([
    '{"ok":false,"error":"3 INVALID_ARGUMENT: text is required"}',
    '{"working":false}',
    '{"error":"db is down"}',
    '{"success":false}',
    '{"ok":true,"error":"but not stored"}',
    '{"success":false,"entry":{"text":"x"}}',
  ])('refuses it when it plainly says no, whatever its status: %s', (body) => {
    for (const kind of ['entry', 'mood', 'value'] as const) expect(outcome(kind, 200, body)).toBe('refused');
  });

  it.each([
    ['the page of a single-page app', '<!doctype html><div id="root"></div>'],
    ['a body cut short', '{"ok":tr'],
    ['nothing', ''],
    ['a body that could not be read', undefined],
    ['words that are not the contract’s', '{"success":true,"id":5}'],
    ['a row of another kind', '{"mood":"happy"}'],
    ['a list', '[{"ok":true}]'],
    ['a number', '1'],
    ['a yes inside of something else', '{"data":{"ok":true}}'],
    ['a yes that is too long to be read', `{"ok":true,"entry":{"text":"${'x'.repeat(20_000)}"}}`],
    ['brackets without end', '['.repeat(16_000)],
  ])('leaves it open when it is %s', (_what, body) => expect(outcome('entry', 200, body)).toBe('unknown'));

  it('does not take a nested no of an honest answer for a refusal', () => {
    expect(outcome('entry', 200, '{"ok":true,"entry":{"text":"x","flags":{"ok":false,"working":false}}}')).toBe('acknowledged'); // prettier-ignore
  });

  it.each([400, 401, 404, 405, 409, 413, 421, 422, 429])('refuses it with %i', (status) => {
    expect(judgeAnswer('mood', status, '{"ok":true}')).toEqual({
      outcome: 'refused',
      reason: `It answered ${status}.`,
    });
  });

  it.each([408, 500, 502, 503, 504, 599])('leaves it open with %i: that may come after the commit', (status) => {
    expect(outcome('mood', status, '{"ok":false}')).toBe('unknown');
  });

  it('takes a redirect that asks for the request elsewhere for a refusal; any other may follow a form that was taken', () => {
    expect([307, 308].map((status) => outcome('value', status))).toEqual(['refused', 'refused']);
    expect([301, 302, 303, 304].map((status) => outcome('value', status))).toEqual(Array(4).fill('unknown'));
  });
});
