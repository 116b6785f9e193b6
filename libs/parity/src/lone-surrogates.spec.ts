import fc from 'fast-check';
import { indexBody, rowValue } from './body-index.js';
import { withoutLoneSurrogates } from './lone-surrogates.js';
import { makePlan } from './plan.js';

const plan = makePlan(
  { rows: '/rows', order: 'set', identity: null, key: [], rules: [], outside: [] },
  { seed: [1, 2] },
);
const bytes = (text: string) => new TextEncoder().encode(text);
const healed = (text: string) => new TextDecoder().decode(withoutLoneSurrogates(bytes(text)));

describe('half a surrogate pair', () => {
  it('becomes U+FFFD, and whole pairs, escaped backslashes and everything else stay', () => {
    expect(healed('"\\ud800"')).toBe('"\\ufffd"');
    expect(healed('"\\ud83d\\ude00 \\uDC00x\\uD800\\uD83D\\uDE00"')).toBe(
      '"\\ud83d\\ude00 \\ufffdx\\ufffd\\uD83D\\uDE00"',
    );
    expect(healed('"\\\\ud800 \\\\\\ud800"')).toBe('"\\\\ud800 \\\\\\ufffd"');
    expect(healed('"\\ud8')).toBe('"\\ud8');
    const whole = bytes('{"a":"\\ud83d\\ude00"}');
    expect(withoutLoneSurrogates(whole)).toBe(whole);
  });

  it('leaves a body that can be read, with all other rows as they were', () => {
    const text = fc.string({
      unit: fc.constantFrom('\ud800', '\udc00', '\ud83d\ude00', '\\', '"', 'u', 'd', '8', '0', 'a'),
    });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 6 }), (texts) => {
        const body = bytes(JSON.stringify({ rows: texts.map((one) => ({ text: one })) }));
        const index = indexBody(plan, withoutLoneSurrogates(body));
        expect(index.refusal).toBeNull();
        texts.forEach((one, row) => {
          expect(rowValue(index, row)).toEqual({ text: one.replace(/\p{Cs}/gu, '\ufffd') });
        });
      }),
    );
  });
});
