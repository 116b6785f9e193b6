import fc from 'fast-check';
import type { RowDifference } from '#libs/contracts/src/comparator.js';
import { chooseEndpoint, findRow, placeOfCause, rowName, step } from './walk.js';

const difference = (marker: string | null): RowDifference => ({
  ...{ kind: 'missing', marker, acknowledgedAt: null, fill: null, baseline: null, app: null, fields: [], sentence: '' },
});
const endpoint = (path: string, markers: (string | null)[]) => ({ path, differences: markers.map(difference) });
const page = [endpoint('/a', ['m1', 'm2']), endpoint('/b', []), endpoint('/c', [null, 'm3', 'm3'])];

describe('walking over differences', () => {
  it('goes on at the next endpoint that has any, and stops at the ends', () => {
    expect(step(page, { path: '/a', index: 1 }, 1)).toEqual({ path: '/c', index: 0 });
    expect(step(page, { path: '/c', index: 0 }, -1)).toEqual({ path: '/a', index: 1 });
    expect(step(page, { path: '/c', index: 2 }, 1)).toBeUndefined();
    expect(step(page, { path: '/a', index: 0 }, -1)).toBeUndefined();
  });

  it('begins at the endpoint in view', () => {
    expect(step(page, { path: '/c', index: null }, 1)).toEqual({ path: '/c', index: 0 });
    expect(step(page, { path: '/c', index: null }, -1)).toEqual({ path: '/c', index: 2 });
    expect(step(page, { path: '/b', index: null }, 1)).toEqual({ path: '/a', index: 0 });
  });

  it('comes back to where it was', () => {
    const places = page.flatMap(({ path, differences }) => differences.map((_, index) => ({ path, index })));
    for (const place of places.slice(0, -1)) expect(step(page, step(page, place, 1)!, -1)).toEqual(place);
  });
});

describe('the name of a row in the address', () => {
  it('finds the same row again, whatever the markers are', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.constantFrom('a', '1', '2', '.1'))), (markers) => {
        const one = endpoint('/x', markers);
        markers.forEach((_, index) => expect(findRow(one, rowName(one, index))).toBe(index));
      }),
    );
    expect(rowName(page[0]!, 1)).toBe('m2');
    expect(findRow(page[2]!, rowName(page[2]!, 2))).toBe(2);
  });

  it('is nothing when there is no such row', () => {
    for (const name of [null, 'm9', '.0', '.4', '1', '', '.', '.x', '.1.5']) expect(findRow(page[2]!, name)).toBeNull();
  });
});

describe('the endpoint shown first', () => {
  it('is the one asked for, else the first that differs', () => {
    expect(chooseEndpoint(page, '/b')?.path).toBe('/b');
    expect(chooseEndpoint(page, '/nowhere')?.path).toBe('/a');
    expect(chooseEndpoint([page[1]!, page[2]!], null)?.path).toBe('/c');
    expect(chooseEndpoint([], null)).toBeUndefined();
  });
});

describe('a cause', () => {
  const of = (kind: RowDifference['kind'], field?: string): RowDifference => ({
    ...difference('m'),
    kind,
    fields: field ? [{ path: field, kind: 'value', baseline: 1, app: 2 }] : [],
  });
  const one = [
    { path: '/a', differences: [of('missing'), of('changed', '/text'), of('doubled')] },
    { path: '/b', differences: [of('changed', '/mood'), of('changed', '/note'), of('changed')] },
    { path: '/c', differences: [{ ...of('changed', '/count'), marker: null }, of('derived', '/data/total')] },
    { path: '/d', differences: [] },
  ];
  const all = one.map(({ path }) => path);

  it.each([
    ['lost', { path: '/a', index: 0 }],
    ['changed /text', { path: '/a', index: 1 }],
    ['doubled', { path: '/a', index: 2 }],
    ['changed /mood', { path: '/b', index: 0 }],
    ['changed /note', { path: '/b', index: 1 }],
    ['changed /title, /note', { path: '/b', index: 1 }],
    ['changed whole row', { path: '/b', index: 2 }],
    ['beside the rows', { path: '/c', index: 0 }],
    ['derived', { path: '/c', index: 1 }],
  ])('%s leads to its own first row, at whatever endpoint that is', (name, place) => {
    expect(placeOfCause(one, { name, endpoints: all })).toEqual(place);
  });

  it('leads to its endpoint when none of its rows is shown, and nowhere when that is not there', () => {
    expect(placeOfCause(one, { name: 'lost', endpoints: ['/d'] })).toEqual({ path: '/d', index: null });
    expect(placeOfCause(one, { name: 'something new', endpoints: ['/b'] })).toEqual({ path: '/b', index: null });
    expect(placeOfCause(one, { name: 'lost', endpoints: ['/elsewhere'] })).toBeUndefined();
  });
});
