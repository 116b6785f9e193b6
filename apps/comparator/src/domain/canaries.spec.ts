import fc from 'fast-check';
import { canariesShown, type Canary } from './canaries.js';
import { endpoints } from './endpoints.js';
import { planFor, readBody } from './readable-body.js';
import { markerOfNumber } from '#libs/parity/src/marker.js';

const of = (kind: string) => endpoints.find((endpoint) => endpoint.kind === kind)!;
const writtenAt = (fill: number) => new Date(Date.UTC(2026, 10, 20, 10, fill, 1, 37 + fill)).toISOString();
const entryCanary = (fill: number): Canary => {
  const marker = markerOfNumber(fill * 7_919 + 1);
  return {
    marker,
    payload: { kind: 'entry', text: `${marker} a walk` },
    fill,
    writtenAt: writtenAt(fill),
    isBeforeGap: false,
  };
};
const valueCanary = (fill: number): Canary => {
  const value = 2 ** 30 + fill * 104_729;
  return {
    marker: `#${value}`,
    payload: { kind: 'value', value },
    fill,
    writtenAt: writtenAt(fill),
    isBeforeGap: false,
  };
};
interface Row {
  readonly [name: string]: unknown;
}
const rowOf = ({ payload, fill, writtenAt: at }: Canary): Row =>
  payload.kind === 'value' ? { number: payload.value } : { id: fill, ...payload, kind: undefined, created_at: at };
const index = (kind: string, rows: readonly Row[]) =>
  readBody(planFor(of(kind), [1, 2]), new TextEncoder().encode(JSON.stringify({ rows })));
const look = (kind: string, canaries: readonly Canary[], baseline: readonly Row[], app: readonly Row[]) =>
  canariesShown(canaries, { baseline: index(kind, baseline), app: index(kind, app) });

const three = [1, 3, 5].map(entryCanary);

describe('canaries of the baseline', () => {
  it('in no app are no finding, whatever else it shows', () => {
    expect(look('entry', three, three.map(rowOf), [{ id: 1, text: 'mine', created_at: writtenAt(1) }])).toBeUndefined();
    expect(look('entry', [], three.map(rowOf), three.map(rowOf))).toBeUndefined();
  });

  it('that an app shows with the baseline’s time are copies: a proxy has the newest', () => {
    const rows = three.map(rowOf);
    expect(look('entry', three, rows, rows)).toMatchObject({
      ...{ inBaseline: 3, shown: 3, copies: 3, newestShown: 5, newest: 5 },
      unexplained: [...three].reverse().map(({ marker, fill }) => [marker, fill]),
    });
  });

  it('of a copy that was taken earlier are the older ones, also where the baseline shows those no more', () => {
    const rows = three.map(rowOf);
    expect(look('entry', three, rows, rows.slice(0, 2))).toMatchObject({
      shown: 2,
      copies: 2,
      newestShown: 3,
      newest: 5,
    });
    expect(look('entry', three, rows.slice(2), rows.slice(0, 2))).toMatchObject({ shown: 2, copies: 0, newest: 5 });
  });

  it('that somebody wrote into an app are no copies: he cannot choose their time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 86_400_000 }), fc.boolean(), (lateMs, isZoned) => {
        const own = three.map((canary) => {
          const at = new Date(Date.parse(canary.writtenAt) + lateMs);
          return { ...rowOf(canary), created_at: isZoned ? at.toISOString().replace('Z', '+00:00') : at.toISOString() };
        });
        expect(look('entry', three, three.map(rowOf), own)).toMatchObject({ shown: 3, copies: 0 });
      }),
    );
  });

  it('are no copies for a time that is the same to the second only, nor for one that cannot be read', () => {
    const whole = { ...entryCanary(1), writtenAt: '2026-11-20T10:00:00.000Z' };
    expect(look('entry', [whole], [rowOf(whole)], [rowOf(whole)])).toMatchObject({ shown: 1, copies: 0 });
    const [one] = three as [Canary];
    const soon = { ...rowOf(one), created_at: 'soon' };
    expect(look('entry', [one], [soon], [soon])).toMatchObject({ shown: 1, copies: 0 });
  });

  it('of before a gap prove nothing: the app may have been restored from a copy of the baseline', () => {
    const restored = three.map((canary) => ({ ...canary, isBeforeGap: canary.fill < 5 }));
    const rows = three.map(rowOf);
    expect(look('entry', restored, rows, rows.slice(0, 2))).toMatchObject({ shown: 2, copies: 0, unexplained: [] });
    expect(look('entry', restored, rows, rows)).toMatchObject({ copies: 1, unexplained: [[three[2]!.marker, 5]] });
  });

  it('are told from a text that only quotes their marker', () => {
    const quoting = { id: 9, text: `what is ${three[0]!.marker}?`, created_at: writtenAt(1) };
    expect(look('entry', three, three.map(rowOf), [quoting])).toBeUndefined();
  });

  it('among values carry no time', () => {
    const values = [1, 2].map(valueCanary);
    const rows = values.map(rowOf);
    expect(look('value', values, rows, [...rows, { number: 7 }])).toMatchObject({ shown: 2, copies: 0 });
  });
});
