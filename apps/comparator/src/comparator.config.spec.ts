import { toConfig } from './comparator.config.js';

const given = { DATABASE_URL: 'postgres://u:p@127.0.0.1:5432/d', NATS_URL: 'nats://127.0.0.1:4222' };

describe('the endpoints that a lab compares', () => {
  it('are all of them when nothing is said, and those that are named', () => {
    expect(toConfig(given).endpoints).toHaveLength(4);
    const chosen = toConfig({ ...given, COMPARE_ENDPOINTS: ' /api/moods/all ,/api/server/values/all' }).endpoints;
    expect(chosen.map((endpoint) => endpoint.label)).toEqual(['Moods', 'Values']);
  });

  it('are never none: then everybody would be in sync', () => {
    for (const COMPARE_ENDPOINTS of [',', ' , ,'])
      expect(() => toConfig({ ...given, COMPARE_ENDPOINTS })).toThrow(
        /COMPARE_ENDPOINTS +names no endpoint; choose among/,
      );
    expect(() => toConfig({ ...given, COMPARE_ENDPOINTS: '/api/other' })).toThrow(/\/api\/other cannot be judged/);
  });
});

it('is not guessed how far back apps answer', () => {
  expect([toConfig(given).history, toConfig({ ...given, HISTORY: 'full' }).history]).toEqual(['since-join', 'full']);
  expect(() => toConfig({ ...given, HISTORY: 'all' })).toThrow(/HISTORY.*must be since-join or full/);
});
