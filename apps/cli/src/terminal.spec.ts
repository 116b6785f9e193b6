import { ago, bar, cut, harmless, harmlessJson, problemText, table } from './terminal.js';

const red = (text: string) => `\u001b[91m${text}\u001b[0m`;

describe('a table', () => {
  it('has columns as wide as their widest cell, colours not counted', () => {
    const rows = [
      ['APP', 'VERDICT', ''],
      ['Faithful', red('▲ Out of sync'), 'a sentence'],
      ['B', '◆ In sync', ''],
    ];
    expect(table(rows, 80)).toBe(
      ['APP       VERDICT', `Faithful  ${red('▲ Out of sync')}  a sentence`, 'B         ◆ In sync'].join('\n'),
    );
  });

  it('is cut at the edge of the terminal, colours and all', () => {
    expect(table([['Ada', red('Out of sync'), 'a long sentence']], 20)).toBe(`Ada  ${red('Out of sync')}  a…\u001b[0m`);
    expect(table([['Ada', 'a long sentence']], 12)).toBe('Ada  a long…');
  });

  it('is whole where there is no edge', () => {
    const sentence = 'x'.repeat(500);
    expect(table([['Ada', sentence]], Infinity)).toBe(`Ada  ${sentence}`);
  });
});

it('a line is cut inside of a colour without leaving it on', () => {
  expect(cut(red('Out of sync'), 5)).toBe('\u001b[91mOut …\u001b[0m');
  expect(cut('short', 5)).toBe('short');
  expect(cut('𝒜𝒷𝒸𝒹', 3)).toBe('𝒜𝒷…');
});

it.each(['\u001b[2J', '\u001b]0;title\u0007', '\r', '\b\b', '\u009b2J', '\u007f', '\u202e', '\u2066', '\u2028', '\0', '\u001b[8mhid\u001b[1A'])(
  'the words of an app move no cursor and turn no text: %j',
  (text) => {
    const said = `Ada ${red('▲ Out of sync')}\n\t${text}end`;
    const shown = harmless(said);
    expect(shown.startsWith(`Ada ${red('▲ Out of sync')}\n\t`)).toBe(true);
    // eslint-disable-next-line no-control-regex
    const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
    // eslint-disable-next-line no-control-regex
    expect(shown.replace(/\u001b\[[0-9;]*m/g, '')).not.toMatch(unseen);
    expect(harmlessJson({ text })).not.toMatch(unseen);
    expect(JSON.parse(harmlessJson({ text }))).toEqual({ text });
  },
); // prettier-ignore

it('a problem says what, whose side, which field, what next, and the trace', () => {
  const document = {
    ...{
      type: 'urn:lockstep:problem:validation',
      title: 'The request is not valid',
      status: 400,
      side: 'yours' as const,
    },
    ...{ detail: 'name must not be empty.', next: 'Correct it.', traceId: 'ab'.repeat(16) },
    errors: [{ path: 'name', message: 'must not be empty' }],
  };
  expect(problemText(document)).toBe(
    [
      'The request is not valid (your side). name must not be empty.',
      '  name: must not be empty',
      'Correct it.',
      `trace ${'ab'.repeat(16)}`,
    ].join('\n'),
  );
});

it('a bar is full when nothing is left to do', () => {
  expect([bar(0, 4, 4), bar(1, 4, 4), bar(4, 4, 4), bar(0, 0, 4)]).toEqual(['□□□□', '■□□□', '■■■■', '■■■■']);
});

it.each([
  [null, '–'],
  ['2026-11-26T10:00:00.000Z', '5 s ago'],
  ['2026-11-26T09:58:00.000Z', '2 min ago'],
  ['2026-11-26T07:00:00.000Z', '3 h ago'],
  ['2026-11-20T10:00:00.000Z', '6 d ago'],
  ['2026-11-26T11:00:00.000Z', '0 s ago'],
])('the time %s is told as %s', (time, told) => {
  expect(ago(time, Date.parse('2026-11-26T10:00:05.000Z'))).toBe(told);
});
