import { checkEntry, gatewayWording, serverWording } from './entry.js';

const check = (text: unknown) => checkEntry(text, gatewayWording);
const replaced = '\uFFFD\uFFFD\uFFFD';

describe('an entry', () => {
  it.each([
    ['is trimmed', '  a walk \n', 'a walk'],
    ['of 200 characters is taken', 'x'.repeat(200), 'x'.repeat(200)],
    ['counts its characters after trimming', ` ${'x'.repeat(200)} `, 'x'.repeat(200)],
    ['that is a number becomes text', 12345, '12345'],
    ['that is an object becomes what String makes of it', { a: 1 }, '[object Object]'],
    ['that is a list becomes what String makes of it', ['a', 'b'], 'a,b'],
    ['that is true becomes text', true, 'true'],
    ['keeps whole emoji', '✨ 🌱', '✨ 🌱'],
    ['shows half an emoji as three replacement characters', 'lone \ud800 surrogate', `lone ${replaced} surrogate`],
  ])('%s', (_name, given, stored) => {
    expect(check(given)).toEqual({ ok: true, value: stored });
  });

  it.each([[''], ['   '], [undefined], [null], [0], [false], [[]]])('that is %p is required', (given) => {
    expect(check(given)).toEqual({ ok: false, problem: '3 INVALID_ARGUMENT: text is required' });
    expect(checkEntry(given, serverWording)).toEqual({ ok: false, problem: 'Text is required' });
  });

  it('of 201 characters is too long, and each door says so in its own words', () => {
    expect(check('x'.repeat(201))).toEqual({ ok: false, problem: '3 INVALID_ARGUMENT: max 200 chars' });
    expect(checkEntry('x'.repeat(201), serverWording)).toEqual({ ok: false, problem: 'Max 200 characters' });
  });

  it('counts half an emoji as the three characters that it becomes', () => {
    expect(check(`${'x'.repeat(197)}\ud800`).ok).toBe(true);
    expect(check(`${'x'.repeat(198)}\ud800`).ok).toBe(false);
  });

  it('refuses what Postgres cannot store and what has no text, naming the problem', () => {
    expect(check('nul\0byte')).toEqual({
      ok: false,
      problem: '3 INVALID_ARGUMENT: text must not contain the NUL character',
    });
    expect(check({ toString: 1 })).toEqual({ ok: false, problem: '3 INVALID_ARGUMENT: text must be text' });
    let nested: unknown = [];
    for (let depth = 0; depth < 100_000; depth++) nested = [nested];
    expect(check(nested)).toEqual({ ok: false, problem: '3 INVALID_ARGUMENT: text must be text' });
  });
});
