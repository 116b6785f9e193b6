import { events, operationsOfEveryService, requests, services } from './catalogue.js';

describe('the catalogue', () => {
  const contracts = [...events, ...requests].map((route) => route.contract).concat(operationsOfEveryService as never);

  it('gives every message one name, and no name twice', () => {
    const names = contracts.map((contract) => contract.name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(names.every((name) => /^[A-Z][A-Za-z]+$/.test(name))).toBe(true);
  });

  it('has no event that nobody hears, and none that its sender hears itself', () => {
    expect(events.filter((route) => route.to.length === 0).map((route) => route.contract.name)).toEqual([]);
    expect(events.filter((route) => route.to.includes(route.from)).map((route) => route.contract.name)).toEqual([]);
    expect(events.every((route) => new Set(route.to).size === route.to.length)).toBe(true);
  });

  it('sends events as facts and requests as wishes or questions, between services that exist', () => {
    expect(events.every((route) => route.contract.kind === 'event')).toBe(true);
    expect(requests.every((route) => ['command', 'query'].includes(route.contract.kind))).toBe(true);
    const named = [...events.flatMap((route) => [route.from, ...route.to]), ...requests.map((route) => route.to)];
    expect(named.filter((name) => !services.includes(name))).toEqual([]);
  });
});
