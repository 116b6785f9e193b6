import fc from 'fast-check';
import { sentence, sentenceCharsMax } from './sentence.js';
import { fillWrite } from '#libs/contracts/src/filler.js';

describe('a sentence', () => {
  it('of any text fits what is said of a write, and holds nothing that a database refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
        const cut = sentence(text);
        expect(fillWrite.shape.reason.safeParse(cut).success).toBe(true);
        expect(cut).not.toMatch(/\p{Cs}/u);
        expect(cut).not.toMatch(/\p{Cc}/u);
        expect(sentence(cut)).toBe(cut);
      }),
    );
  });

  it('says that it was cut, and never ends in half a character', () => {
    expect(sentence('x'.repeat(400))).toBe(`${'x'.repeat(sentenceCharsMax - 1)}…`);
    expect(sentence(`${'x'.repeat(298)}🙂🙂`)).toBe(`${'x'.repeat(298)}…`);
    expect(sentence('one\r\n\0two')).toBe('one two');
  });
});
