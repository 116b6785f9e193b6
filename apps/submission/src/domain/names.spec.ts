import fc from 'fast-check';
import { cleanName, readName } from './names.js';

const read = (given: string) => {
  const result = readName(given, 'The name');
  return 'name' in result ? result.name : result.problem;
};
const marks = (count: number) => '\u0301\u0330'.repeat(count / 2);

describe('a name', () => {
  it.each([
    ['hidden and direction characters', '  Ada\u202e\u200b\u2066  Lovelace\u0000 ', 'Ada Lovelace'],
    ['fillers and selectors that show nothing', 'A\u3164d\uffa0a\u115f\ufe0f\u034f\u{e0041}', 'Ada'],
    ['soft hyphens, a byte order mark and noncharacters', 'A\u00add\ufffea\ufeff', 'Ada'],
    ['spaces of every kind', 'Ada\u00a0\u2003\u2800\u3000\t\n Lovelace', 'Ada Lovelace'],
    ['half characters', 'A\ud800da', 'Ada'],
    ['private characters', 'Ada\ue000', 'Ada'],
    ['marks without a letter', '\u0301\u0301 \u0301Ada \u20dd B', 'Ada B'],
  ])('loses %s', (_what, given, shown) => expect(read(given)).toBe(shown));

  it.each(['Ünïcödé 学生 ✨', 'Владимир', 'Ωμέγα', 'Zoë O’Neill-Ortega (2)', 'สมชาย', 'עִבְרִית', 'ひらがなカタカナ漢字', 'Нью York', '한국어'])(
    'of any script stays as it is: %s',
    (name) => expect(read(name)).toBe(name),
  ); // prettier-ignore

  it('keeps at most four marks on a letter, so that it stays within its line', () => {
    expect(read(`A${marks(4)}da`)).toBe(`A${marks(4)}da`.normalize('NFC'));
    const zalgo = read(`A${marks(20)}d${marks(20)}a`);
    expect(zalgo).toMatch(/^\p{L}\p{M}{1,4}d\p{M}{4}a$/u);
  });

  it.each(['', ' ', '\u200b\u202e', '\u3164', '\u2800\u2800', '\u0301', '\ufe0f', '\u{e0041}\u00ad'])(
    'of nothing visible is none: %j',
    (given) => expect(read(given)).toBe('The name has no visible letter.'),
  );

  it('that becomes too long when it is written out is refused, not cut', () => {
    expect(read('\u0958'.repeat(32))).toHaveLength(64);
    expect(read('\u0958'.repeat(33))).toBe('The name has 66 characters when written out; 64 are the most.');
  });

  it.each([
    ['\u0410da', 'Cyrillic'], // А
    ['Ad\u0430 Lovelace', 'Cyrillic'], // а
    ['Gr\u0430ce', 'Cyrillic'],
    ['Al\u03bfn', 'Greek'], // ο
    ['\u13a0da', 'Cherokee'], // Ꭰ
    ['\u0570al', 'Armenian'], // հ
    ['Ad\u200b\u0430', 'Cyrillic'],
  ])('that passes for another by letters of two alphabets is refused: %s', (given, script) => {
    expect(read(given)).toBe(
      `The name mixes Latin and ${script} letters in one word, which can pass for another name.`,
    );
  });

  it('is clean once it was cleaned, within its length, and never empty to the eye', () => {
    const nasty = fc.constantFrom('\u0301', '\u200d', '\u202e', '\u3164', ' ', '\t', '\u2800', 'a', 'é', '\u0958', '\ud83d', '🦉', '<', '\u0430'); // prettier-ignore
    const texts = fc.array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 40 });
    fc.assert(
      fc.property(texts, (parts) => {
        const name = cleanName(parts.join(''));
        expect(cleanName(name)).toBe(name);
        expect(name).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]|\p{M}{20}|^\s|\s$|\s\s/u);
        const taken = readName(name, 'The name');
        if ('name' in taken) expect([taken.name, taken.name.length <= 64]).toEqual([name, true]);
      }),
    );
  });
});
