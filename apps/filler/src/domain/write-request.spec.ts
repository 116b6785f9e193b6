import { needleOf, requestOf, sameRoute } from './write-request.js';

const entry = { kind: 'entry', text: '~0123456789 A short walk' } as const;

describe('the request of a write', () => {
  it('is that of the reference app’s form', () => {
    expect(requestOf(entry)).toEqual({ path: '/api/journal/entries', body: { text: entry.text } });
    expect(requestOf({ kind: 'value', value: 42 })).toEqual({ path: '/api/server/values', body: { value: '42' } });
  });

  it('is known by its marker in any encoding that a page may use', () => {
    const encodings = [
      JSON.stringify({ text: entry.text }),
      new URLSearchParams({ text: entry.text }).toString(),
      `------x\r\nContent-Disposition: form-data; name="text"\r\n\r\n${entry.text}\r\n------x--`,
      JSON.stringify(entry.text).replaceAll('~', '\\u007e'),
    ];
    for (const body of encodings) expect(body).toContain(needleOf(entry));
    expect(needleOf({ kind: 'mood', mood: 'calm', note: '~abcdefghjk slept well' })).toBe('abcdefghjk');
  });

  it('goes to its route however a page writes it, and no other route is that one', () => {
    for (const path of ['/api/moods', '/api/moods/', '/API/Moods?x=1', '//api//moods'])
      expect([path, sameRoute(path, '/api/moods')]).toEqual([path, true]);
    for (const path of ['/api/mood', '/api/moods/1', '/api/drafts', '/', ''])
      expect([path, sameRoute(path, '/api/moods')]).toEqual([path, false]);
  });
});
