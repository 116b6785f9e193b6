import { checkMood } from './mood.js';

const invalid = { ok: false, problem: '3 INVALID_ARGUMENT: invalid mood' };

describe('a mood', () => {
  it.each([['grateful'], ['happy'], ['calm'], ['focused'], ['stressed'], ['tired'], ['energized']])(
    'may be %s',
    (mood) => {
      expect(checkMood(mood, undefined)).toEqual({ ok: true, value: { mood, note: '' } });
    },
  );

  it('is lower-cased but not trimmed', () => {
    expect(checkMood('HaPPy', '')).toEqual({ ok: true, value: { mood: 'happy', note: '' } });
    expect(checkMood(' happy', '')).toEqual(invalid);
  });

  it('may come as a list of one, as the reference app takes it', () => {
    expect(checkMood(['happy'], '')).toEqual({ ok: true, value: { mood: 'happy', note: '' } });
  });

  it.each([['angry'], [''], [5], [undefined], [null], [{ toString: 1 }]])('may not be %p', (mood) => {
    expect(checkMood(mood, 'note')).toEqual(invalid);
  });
});

describe('a note', () => {
  const noteOf = (note: unknown) => {
    const row = checkMood('calm', note);
    return row.ok ? row.value.note : row.problem;
  };

  it.each([
    ['is empty when missing', undefined, ''],
    ['is empty when null', null, ''],
    ['that is a number becomes text', 7, '7'],
    ['is trimmed before it is cut', `  ${'x'.repeat(240)}yyy`, 'x'.repeat(240)],
    ['of 240 characters stays whole', 'x'.repeat(240), 'x'.repeat(240)],
    ['keeps its line breaks', 'two\nlines', 'two\nlines'],
    ['cut through an emoji ends in one replacement character', `${'x'.repeat(239)}🌱`, `${'x'.repeat(239)}\uFFFD`],
    ['with NUL is refused', 'nul\0byte', '3 INVALID_ARGUMENT: note must not contain the NUL character'],
  ])('%s', (_name, given, expected) => {
    expect(noteOf(given)).toBe(expected);
  });
});
