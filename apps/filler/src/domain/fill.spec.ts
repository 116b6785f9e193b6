import fc from 'fast-check';
import { browserPartsMax, chooseDrivers, driverOfAttempt, mayFallBack } from './driver-choice.js';
import { shadowWritesOf, uniqueValues, writesOf } from './fill-script.js';
import { partNote, partOutcome } from './part-outcome.js';
import { edgeKind, type EdgeKind } from '#libs/contracts/src/filler.js';
import { findMarker } from '#libs/parity/src/marker.js';

const script = { seed: 'abcdef012345', installation: 'this one', number: 7, mode: 'all', iterations: 2 } as const;

describe('the script of a fill', () => {
  it('is the same for every target, and another for another seed', () => {
    expect(writesOf(script)).toEqual(writesOf(script));
    expect(writesOf(script)).not.toEqual(writesOf({ ...script, seed: 'another seed' }));
  });

  it('writes an entry, a mood and a value per iteration, or one of them', () => {
    expect(writesOf(script).map((write) => write.payload.kind)).toEqual([
      'entry',
      'mood',
      'value',
      'entry',
      'mood',
      'value',
    ]);
    expect(writesOf({ ...script, mode: 'random' })).toHaveLength(2);
  });

  it('fits every limit of the reference app, and begins with its marker, so that a text that is cut keeps it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), fc.integer({ min: 1, max: 1_000_000 }), (seed, number) => {
        for (const { marker, payload } of writesOf({ ...script, seed, number, iterations: 8 })) {
          if (payload.kind === 'value') {
            expect(marker).toBe(`#${payload.value}`);
            continue;
          }
          const text = payload.kind === 'entry' ? payload.text : payload.note;
          expect(text.trim()).toBe(text);
          expect(text).not.toMatch(/\p{Surrogate}/u);
          expect(text.length).toBeLessThanOrEqual(payload.kind === 'entry' ? 200 : 240);
          expect(findMarker(text)).toBe(marker);
          expect(text === marker || text.startsWith(`${marker} `)).toBe(true);
        }
      }),
    );
  });

  it('has two more for the second baseline, so that it numbers its rows unlike the first', () => {
    const own = shadowWritesOf(script);
    expect(own.map(({ index, payload }) => [index, payload.kind])).toEqual([
      [0, 'entry'],
      [1, 'mood'],
    ]);
    const markers = [...own, ...writesOf(script)].map(({ marker }) => marker);
    expect(new Set(markers).size).toBe(markers.length);
    expect(shadowWritesOf(script)).toEqual(own);
  });

  it('has one edge row per iteration, and every kind of them within so many iterations, however they fall into fills', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 20 }), (installation, iterations) => {
        const fills = Math.ceil(edgeKind.options.length / iterations);
        const edges = Array.from({ length: fills }, (_, i) => {
          const writes = writesOf({ ...script, installation, iterations, number: i + 1 });
          return writes.flatMap(({ payload: { edge } }) => edge ?? []);
        });
        for (const ofOneFill of edges) expect(ofOneFill).toHaveLength(iterations);
        expect(new Set(edges.flat().slice(0, edgeKind.options.length))).toEqual(new Set(edgeKind.options));
      }),
    );
  });

  it('holds in its edge rows what they are called after', () => {
    const writes = Array.from({ length: 200 }, (_, i) => writesOf({ ...script, seed: `seed ${i}`, number: i + 1 }));
    const payloads = (kind: EdgeKind) => writes.flat().flatMap(({ payload }) => (payload.edge === kind ? payload : []));
    const textsOf = (kind: EdgeKind) =>
      payloads(kind).map((one) => (one.kind === 'entry' ? one.text : one.kind === 'mood' ? one.note : ''));
    expect(new Set(textsOf('longest-entry').map((text) => text.length))).toEqual(new Set([200]));
    expect(new Set(textsOf('longest-note').map((text) => text.length))).toEqual(new Set([240]));
    expect(textsOf('empty-note').every((text) => text === findMarker(text))).toBe(true);
    expect(textsOf('emoji').every((text) => /[\u{10000}-\u{10ffff}]/u.test(text))).toBe(true);
    expect(textsOf('composed').every((text) => text === text.normalize('NFC') && text !== text.normalize('NFD'))).toBe(true); // prettier-ignore
    expect(textsOf('decomposed').every((text) => text === text.normalize('NFD') && text !== text.normalize('NFC'))).toBe(true); // prettier-ignore
    expect(textsOf('right-to-left').every((text) => /[\u0590-\u06ff]/.test(text))).toBe(true);
    const values = (kind: EdgeKind) => payloads(kind).map((one) => (one.kind === 'value' ? one.value : NaN));
    expect(values('negative').every((value) => value < 0 && value > -(2 ** 30))).toBe(true);
    expect(values('lowest').every((value) => value < -(2 ** 30) && value >= -(2 ** 31))).toBe(true);
  });

  it('never sends a value twice, edge or not', () => {
    const values = Array.from({ length: 3_000 }, (_, i) => writesOf({ ...script, seed: 'x', number: i + 1 }))
      .flat()
      .flatMap(({ payload }) => (payload.kind === 'value' ? payload.value : []));
    expect(new Set(values).size).toBe(values.length);
  });

  it('never gives two writes the same marker within many fills', () => {
    const markers = Array.from({ length: 2_000 }, (_, i) =>
      writesOf({ ...script, seed: `seed ${i}`, number: i + 1 }),
    ).flat();
    expect(new Set(markers.map((write) => write.marker)).size).toBe(markers.length);
  });

  it('gives every fill and iteration a value of its own, a positive int4 below the canaries', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 50_000_000 }), (installation, first) => {
        const valueOf = uniqueValues(installation);
        const values = Array.from({ length: 200 }, (_, i) =>
          Array.from({ length: 20 }, (__, j) => valueOf(first + i, j)),
        ).flat();
        expect(new Set(values).size).toBe(values.length);
        expect(Math.min(...values)).toBeGreaterThan(0);
        expect(Math.max(...values)).toBeLessThan(2 ** 30);
      }),
      { numRuns: 30 },
    );
  });

  it('gives another installation other values: what an app kept from an earlier lab is not among those of this one', () => {
    const valuesOf = (installation: string) =>
      Array.from({ length: 1_000 }, (_, i) => uniqueValues(installation)(i + 1, 0));
    const before = new Set(valuesOf('4be2f1f0-0000-4000-8000-000000000001'));
    expect(valuesOf('4be2f1f0-0000-4000-8000-000000000002').filter((value) => before.has(value)).length).toBeLessThan(
      3,
    );
    expect(valuesOf('one')).toEqual(valuesOf('one'));
  });
});

describe('a part', () => {
  it('is filled, filled in part, or given up', () => {
    expect(partOutcome(['acknowledged', 'acknowledged'])).toBe('filled');
    expect(partOutcome(['acknowledged', 'unknown'])).toBe('partly');
    expect(partOutcome(['refused', 'skipped'])).toBe('given-up');
  });

  it('tells the first reason why it was not filled', () => {
    expect(
      partNote([
        { outcome: 'acknowledged', reason: 'x' },
        { outcome: 'refused', reason: 'It answered 503.' },
      ]),
    ).toBe('It answered 503.');
    expect(partNote([{ outcome: 'acknowledged', reason: null }])).toBeNull();
  });
});

describe('the choice of a driver', () => {
  const target = (index: number, role: 'app' | 'baseline' = 'app') => ({
    targetId: `t${index}`,
    role,
    name: '',
    url: '',
  });
  const many = [target(0, 'baseline'), ...Array.from({ length: 100 }, (_, i) => target(i + 1))];

  it('sends baselines through the browser whatever the setting', () => {
    for (const setting of ['browser', 'http', 'auto'] as const)
      expect(chooseDrivers(setting, many, 1).get('t0')).toBe('browser');
  });

  it('never lets a baseline go over HTTP, and an app only where nobody has chosen the browser for it', () => {
    const used = (setting: 'auto' | 'browser', role: 'app' | 'baseline', attempt: number) =>
      driverOfAttempt('browser', mayFallBack(setting, role), attempt);
    expect([1, 2, 3, 4].map((attempt) => used('auto', 'baseline', attempt))).toEqual(Array(4).fill('browser'));
    expect([1, 2, 3, 4].map((attempt) => used('browser', 'app', attempt))).toEqual(Array(4).fill('browser'));
    expect([1, 2, 3].map((attempt) => used('auto', 'app', attempt))).toEqual(['browser', 'http', 'http']);
  });

  it('lets every app meet the browser in turn when there are too many', () => {
    const met = new Set<string>();
    for (let fill = 1; fill <= 50; fill += 1) {
      const browser = [...chooseDrivers('auto', many, fill)]
        .filter(([, driver]) => driver === 'browser')
        .map(([id]) => id);
      expect(browser).toHaveLength(browserPartsMax + 1);
      for (const id of browser) met.add(id);
    }
    expect(met.size).toBe(101);
  });
});
