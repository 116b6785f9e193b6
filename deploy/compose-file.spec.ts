import { readCompose, variablesOf } from './compose-file.js';

test('the three forms of a reference are told apart, and $$ is none', () => {
  expect(variablesOf('${A:?say it} ${B:-two} $C ${D} $$E')).toEqual([
    { name: 'A', form: 'required', fallback: '' },
    { name: 'B', form: 'fallback', fallback: 'two' },
    { name: 'C', form: 'bare', fallback: '' },
    { name: 'D', form: 'bare', fallback: '' },
  ]);
});

test('anchors are merged and variables replaced wherever a string stands', () => {
  const text = [
    'x-a: &a { restart: "${R:-always}", mem_limit: 1m }',
    'services: { s: { <<: *a, mem_limit: 2m, ports: ["${P}:1", "a$$b"] } }',
  ].join('\n');
  expect(readCompose(text, { P: '80' }).services).toEqual({
    s: { restart: 'always', mem_limit: '2m', ports: ['80:1', 'a$b'] },
  });
});

test('an empty variable takes the fallback, as compose does with :-', () => {
  expect(readCompose('services: { s: { image: "${I:-none}" } }', { I: '' }).services['s']?.image).toBe('none');
});
