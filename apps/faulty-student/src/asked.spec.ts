import { askedFor, pathOf, rowsAsked } from './asked.js';

describe('what a request is about', () => {
  it.each([
    ['POST', '/api/journal/entries', { write: 'entry' }],
    ['POST', '/api/entries/entries', { write: 'entry' }],
    ['POST', '/api/server/entries?x=1', { write: 'entry' }],
    ['POST', '/API/Moods/', { write: 'mood' }],
    ['POST', '/api/moods/moods', { write: 'mood' }],
    ['POST', '//api//server/values', { write: 'value' }],
    ['GET', '/api/journalentries/all?limit=1', { read: 'entries' }],
    ['GET', '/api/server/entries/all', { read: 'entries' }],
    ['GET', '/api/moods/all?limit=100', { read: 'moods' }],
    ['GET', '/api/server/values/all', { read: 'values' }],
    ['GET', '/api/stats/stats/overview', { read: 'stats' }],
    ['POST', '/api/ai/insights', {}],
    ['GET', '/api/moods', {}],
    ['GET', '/', {}],
    ['PUT', '/api/moods', {}],
  ])('%s %s', (method, url, about) => {
    expect(askedFor(method, url)).toEqual(about);
  });

  it.each([
    ['/api/moods/all?limit=2', '/api/moods/all?limit=2'],
    ['//10.0.0.1/api', '/10.0.0.1/api'],
    ['http://10.0.0.1:5432/api?x=//y', '/api?x=//y'],
    ['HTTPS://10.0.0.1', '/'],
    ['http://10.0.0.1?limit=2', '/?limit=2'],
    ['http://10.0.0.1//10.0.0.2/x', '/10.0.0.2/x'],
    ['*', '*'],
    ['', '/'],
  ])('the target %s is the path %s of this app', (target, path) => expect(pathOf(target)).toBe(path));

  it('and how many rows it wants', () => {
    const asked = (url: string) => rowsAsked('entries', url);
    expect(asked('/api/journal/entries/all')).toBe(50);
    expect(asked('/api/journal/entries/all?limit=0')).toBe(50);
    expect(asked('/api/journal/entries/all?limit=7')).toBe(7);
    expect(asked('/api/journal/entries/all?limit=-7')).toBe(1);
    expect(asked('/api/journal/entries/all?limit=999')).toBe(200);
    expect(asked('/api/server/entries/all?limit=7')).toBe(50);
    expect(rowsAsked('values', '/api/server/values/all')).toBe(Infinity);
  });
});
