import { rewrite, split } from './ingress.js';

describe('the ingress', () => {
  it.each([
    ['/api/journal/entries/all?limit=1', '/gateway/entries/all?limit=1'],
    ['/api/journal', '/gateway/'],
    ['/api/journalentries/all', '/gateway/entries/all'],
    ['/API/Journal/entries/all', '/gateway/entries/all'],
    ['/api/entries/all', '/gateway/all'],
    ['/api/entries/entries/all', '/gateway/entries/all'],
    ['/api/ai/insights', '/gateway/ai/insights'],
    ['/api/ai', '/gateway/ai'],
    ['/api/files/list?limit=50', '/files/list?limit=50'],
    ['/api/server', '/server/'],
    ['/api/server/values/all', '/server/values/all'],
    ['/api/moods', '/moods/'],
    ['/api/moods/moods/all', '/moods/moods/all'],
    ['/api/stats/overview', '/stats/overview'],
    ['//api//moods//all', '/moods/all'],
    ['http://elsewhere.example/api/moods/all', '/moods/all'],
    ['/', '/client/'],
    ['/api', '/client/api'],
    ['/api/unknown', '/client/api/unknown'],
    ['/about?x=1', '/client/about?x=1'],
    ['/gateway/entries', '/client/gateway/entries'],
  ])('sends %s to %s', (asked, route) => {
    expect(rewrite(asked)).toBe(route);
  });

  it('tells part and path of a route again', () => {
    expect(split('/moods/all?limit=2')).toEqual({ part: 'moods', path: '/all' });
    expect(split('/gateway/')).toEqual({ part: 'gateway', path: '/' });
  });
});
