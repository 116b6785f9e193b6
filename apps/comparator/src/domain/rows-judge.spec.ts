import fc from 'fast-check';
import { endpoints } from './endpoints.js';
import type { Obligation } from './obligation.js';
import { judgeRows, type RowsEvidence } from './rows-judge.js';
import { markerOfNumber } from '#libs/parity/src/marker.js';

const entries = endpoints.find((endpoint) => endpoint.kind === 'entry')!;
const values = endpoints.find((endpoint) => endpoint.kind === 'value')!;
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

interface Row {
  id: number;
  text: string;
  created_at: string;
}
/** One write: its obligation, and the row as a faithful app shows it. */
const write = (n: number) => {
  const marker = markerOfNumber(n * 7919 + 5);
  const text = `Grateful for row ${n} ${marker}`;
  const obligation: Obligation = {
    marker,
    payload: { kind: 'entry', text },
    fill: n,
    index: 0,
    acknowledgedAt: '2026-11-20T10:00:00.000Z',
  };
  return {
    obligation,
    row: (id: number): Row => ({
      id,
      text,
      created_at: new Date(Date.UTC(2026, 10, 20, 10, n, id % 60)).toISOString(),
    }),
  };
};
const writes = (count: number) => Array.from({ length: count }, (_, i) => write(i + 1));
/** Newest first, as the endpoint shows them. */
const body = (rows: Row[]) => bytes({ rows: rows.toReversed() });
const now = '2026-11-20T23:30:00.000Z';
const evidence = (
  part: Pick<RowsEvidence, 'baseline' | 'app' | 'obligations'> & Partial<RowsEvidence>,
): RowsEvidence => ({
  ...{ endpoint: entries, others: [], acknowledged: part.obligations.length, now, clock: now, seed: [1, 2] },
  ...part,
});
const judge = (baseline: Row[], app: Row[], obligations: Obligation[], part: Partial<RowsEvidence> = {}) =>
  judgeRows(evidence({ baseline: body(baseline), app: body(app), obligations, ...part }));

describe('judging rows', () => {
  it('finds a faithful app in sync, whatever ids and clocks it has', () => {
    const all = writes(5);
    const findings = judge(
      all.map((one, i) => one.row(i + 1)),
      all.map((one, i) => one.row(i + 900)),
      all.map((one) => one.obligation),
    );
    expect(findings).toMatchObject({ matched: 5, missing: 0, changed: 0, doubled: 0, outside: 0, differences: [] });
    expect(findings.rules.find((rule) => rule.name === 'own id')!.hits).toBe(5);
  });

  it('names the rows that were acknowledged and are not there', () => {
    const all = writes(4);
    const findings = judge(
      all.map((one, i) => one.row(i)),
      [all[0]!.row(1), all[3]!.row(2)],
      all.map((one) => one.obligation),
    );
    expect(findings).toMatchObject({ matched: 2, missing: 2 });
    expect(findings.differences.map((one) => [one.kind, one.fill, one.marker])).toEqual([
      ['missing', 2, all[1]!.obligation.marker],
      ['missing', 3, all[2]!.obligation.marker],
    ]);
  });

  it('holds nobody to what he did not acknowledge, and counts foreign rows without calling them a difference', () => {
    const all = writes(4);
    const stranger = { id: 77, text: 'typed by a person', created_at: '2026-11-20T09:00:00.000Z' };
    const findings = judge(
      all.map((one, i) => one.row(i)),
      [stranger, all[0]!.row(1), all[2]!.row(2)],
      [all[0]!.obligation],
    );
    expect(findings).toMatchObject({ matched: 1, missing: 0, changed: 0, outside: 2, differences: [] });
  });

  it('shows one changed row as one change with its field', () => {
    const all = writes(3);
    const app = all.map((one, i) => one.row(i));
    app[1] = { ...app[1]!, text: app[1]!.text.replace('Grateful', 'grateful') };
    const findings = judge(
      all.map((one, i) => one.row(i)),
      app,
      all.map((one) => one.obligation),
    );
    expect(findings).toMatchObject({ matched: 2, changed: 1, missing: 0 });
    expect(findings.differences[0]).toMatchObject({ kind: 'changed', fields: [{ path: '/text' }] });
  });

  it('tells a doubled row from a changed and a missing one', () => {
    const all = writes(2);
    const findings = judge(
      all.map((one, i) => one.row(i)),
      [all[0]!.row(1), all[0]!.row(2), all[1]!.row(3)],
      all.map((one) => one.obligation),
    );
    expect(findings).toMatchObject({ matched: 2, doubled: 1, missing: 0, changed: 0 });
  });

  it('believes the app when it shows what was sent and the baseline does not', () => {
    const all = writes(2);
    const spoilt = all.map((one, i) => ({
      ...one.row(i),
      text: `${one.row(i).text.slice(0, 8)} ${one.obligation.marker}`,
    }));
    const findings = judge(
      spoilt,
      all.map((one, i) => one.row(i)),
      all.map((one) => one.obligation),
    );
    expect(findings).toMatchObject({ matched: 2, changed: 0, baselineWrong: 2 });
    expect(
      judge(
        [],
        all.map((one, i) => one.row(i)),
        all.map((one) => one.obligation),
      ),
    ).toMatchObject({ matched: 2, missing: 0, changed: 0 });
  });

  it('does not look behind a full window, and looks at everything in one that is not full', () => {
    const all = writes(260);
    const obligations = all.map((one) => one.obligation);
    const newest = all.slice(-200);
    const shown = (list: typeof all) => list.map((one, i) => one.row(i));
    expect(judge(shown(newest), shown(newest), obligations)).toMatchObject({
      matched: 200,
      missing: 0,
      behindWindow: 60,
    });
    expect(judge(shown(newest), shown(newest.slice(1)), obligations)).toMatchObject({
      matched: 199,
      missing: 61,
      behindWindow: 0,
    });
  });

  it('takes an app that does not know ?limit= for what it is', () => {
    const all = writes(80);
    const shown = all.map((one, i) => one.row(i));
    expect(
      judge(
        shown,
        shown.slice(-50),
        all.map((one) => one.obligation),
      ),
    ).toMatchObject({ matched: 50, missing: 0, behindWindow: 30 });
  });

  it('is not misled by strangers who push our rows out of the window', () => {
    const all = writes(50);
    const strangers = Array.from({ length: 170 }, (_, i) => ({
      id: 1_000 + i,
      text: `note ${i}`,
      created_at: '2026-11-20T23:00:00.000Z',
    }));
    const app = [...all.map((one, i) => one.row(i)), ...strangers].slice(-200);
    expect(
      judge(
        all.map((one, i) => one.row(i)),
        app,
        all.map((one) => one.obligation),
      ),
    ).toMatchObject({ missing: 0, behindWindow: 20, matched: 30 });
  });

  it('compares values as the numbers they are', () => {
    const obligations = [4, 5, 6, -4, -(2 ** 31)].map((value, index): Obligation => ({
      marker: `#${value}`,
      payload: { kind: 'value', value },
      fill: 1,
      index,
      acknowledgedAt: null,
    }));
    const list = (...numbers: unknown[]) =>
      bytes({
        command: 'SELECT',
        rowCount: numbers.length,
        rows: numbers.map((number) => ({ number })),
        fields: [{ tableID: numbers.length }],
      });
    const findings = judgeRows(
      evidence({
        endpoint: values,
        baseline: list(6, -4, 4, 5, -(2 ** 31)),
        app: list(5, 4, 99, -(2 ** 31)),
        obligations,
        seed: [3, 4],
      }),
    );
    expect(findings).toMatchObject({ matched: 3, missing: 2, outside: 1 });
    expect(findings.found.map(([, marker]) => marker)).toEqual(['#6', '#-4']);
  });

  it('says which side could not be read', () => {
    const one = writes(1)[0]!;
    const bad = new TextEncoder().encode('<html>');
    expect(
      judgeRows(evidence({ baseline: bad, app: body([one.row(1)]), obligations: [one.obligation] })).baselineRefusal,
    ).toMatch(/./);
    expect(
      judgeRows(evidence({ baseline: body([one.row(1)]), app: bytes({ items: [] }), obligations: [one.obligation] }))
        .appRefusal,
    ).toMatch(/rows/);
  });

  it('holds a lossy app to its losses, whatever anybody writes into the baseline', () => {
    const all = writes(4);
    const vandal = { id: 99, text: `spoilt ${all[0]!.obligation.marker}`, created_at: '2026-11-20T12:00:00.000Z' };
    const obligations = all.map((one) => one.obligation);
    const findings = judge([...all.map((one, i) => one.row(i)), vandal], [all[0]!.row(1), all[3]!.row(2)], obligations);
    expect(findings).toMatchObject({ matched: 2, missing: 2, changed: 0, undecided: 0, baselineWrong: 0 });
  });

  it('decides nothing about a row that neither side shows as it was sent, and everything about the others', () => {
    const all = writes(3);
    const baseline = all.map((one, i) => one.row(i));
    const app = all.map((one, i) => one.row(i));
    baseline[0] = { ...baseline[0]!, text: `spoilt ${all[0]!.obligation.marker}` };
    app[0] = { ...app[0]!, text: `changed ${all[0]!.obligation.marker}` };
    app[1] = { ...app[1]!, text: `changed ${all[1]!.obligation.marker}` };
    const findings = judge(baseline, app, all.map((one) => one.obligation)); // prettier-ignore
    expect(findings).toMatchObject({ matched: 1, changed: 1, undecided: 1, baselineWrong: 1 });
    expect(findings.differences.map((one) => one.fill)).toEqual([2]);
  });

  it('shows both rows of a doubled one', () => {
    const [one] = writes(1);
    const { differences } = judge([one!.row(1)], [one!.row(7), one!.row(8)], [one!.obligation]);
    expect(differences).toMatchObject([{ kind: 'doubled', baseline: { id: 1 }, app: [{ id: 8 }, { id: 7 }] }]);
  });

  it('does not call a row doubled whose marker somebody has copied into a text of his own', () => {
    const [one] = writes(1);
    const copied = { ...one!.row(8), text: `look, a marker: ${one!.obligation.marker}` };
    expect(judge([one!.row(1)], [one!.row(7), copied], [one!.obligation])).toMatchObject({
      matched: 1,
      doubled: 0,
      changed: 0,
    });
  });

  it('sees what differs beside the rows, unless a rule names it', () => {
    const [one] = writes(1);
    const rows = [one!.row(1)];
    const part = { app: bytes({ rows, error: 'db down' }) };
    const findings = judge(rows, [], [one!.obligation], part);
    expect(findings).toMatchObject({ matched: 1, changed: 0, around: 1, found: [['changed', '/error', null]] });
    expect(findings.differences).toMatchObject([
      { kind: 'changed', marker: null, what: '/error', baseline: null, app: 'db down' },
    ]);
    const driver = (more: object) => bytes({ command: 'SELECT', rows: [{ number: 4 }], ...more });
    const value: Obligation = { ...one!.obligation, marker: '#4', payload: { kind: 'value', value: 4 } };
    const named = {
      endpoint: values,
      baseline: driver({ oid: null }),
      app: driver({ _prebuiltEmptyResultObject: null }),
    };
    expect(judgeRows(evidence({ ...named, obligations: [value] }))).toMatchObject({ around: 0, matched: 1 });
  });

  it('names fields with their values, of numbers that a double cannot hold too', () => {
    const [one] = writes(1);
    const app = `{"rows":[{"id":1,"text":${JSON.stringify(one!.row(1).text)},"created_at":"x","size":9007199254740993}]}`;
    const baseline = bytes({ rows: [{ ...one!.row(1), size: 1 }] });
    const { differences } = judge([], [], [one!.obligation], { baseline, app: new TextEncoder().encode(app) });
    expect(differences[0]).toMatchObject({
      fields: [{ path: '/size', baseline: 1, app: '9007199254740993' }],
      app: { size: '9007199254740993' },
    });
  });

  it('keeps nothing of a hostile row that a database or an answer could choke on', () => {
    const all = writes(60);
    const padding = Array.from({ length: 2_000 }, () => 7);
    const texts = (n: number) => [
      `\0${all[n]!.row(n).text}`,
      `${all[n]!.row(n).text}${'x'.repeat(390)}😀`,
      `${all[n]!.row(n).text}${'ü'.repeat(9_000)}`,
    ];
    const app = all.map((one, n) => ({ ...one.row(n), text: texts(n)[n % 3], ['\0name'.repeat(90)]: n, padding }));
    const findings = judge(all.map((one, n) => one.row(n)), [], all.map((one) => one.obligation), { app: bytes({ rows: app }) }); // prettier-ignore
    const kept = JSON.stringify(findings);
    expect(findings.changed).toBe(60);
    expect(kept).not.toMatch(/\\u0000|\\ud[89a-f]/i);
    expect(new TextEncoder().encode(kept).length).toBeLessThan(60_000);
    expect(findings.found).toHaveLength(60);
  });

  it('takes half a surrogate pair in somebody’s row for a difference of that row only', () => {
    const all = writes(2);
    const foreign = { id: 9, text: 'half \ud83d', created_at: '2026-11-20T12:00:00.000Z' };
    const rows = all.map((one, i) => one.row(i));
    expect(judge(rows, [...rows, foreign], all.map((one) => one.obligation))).toMatchObject({ matched: 2, outside: 1, appRefusal: null }); // prettier-ignore
  });

  it('refuses a body of more rows than anybody needs', () => {
    const many = bytes({ rows: Array.from({ length: 130_000 }, (_, id) => ({ id })) });
    expect(judge([], [], [], { app: many }).appRefusal).toBe('The body has more than 20000 rows.');
  });

  it('finds exactly the faults that were planted, for any history, order and window', () => {
    const plan = fc.record({
      count: fc.integer({ min: 1, max: 320 }),
      strangers: fc.integer({ min: 0, max: 40 }),
      lost: fc.uniqueArray(fc.nat({ max: 319 }), { maxLength: 6 }),
      refused: fc.uniqueArray(fc.nat({ max: 319 }), { maxLength: 30 }),
    });
    fc.assert(
      fc.property(plan, ({ count, strangers, lost, refused }) => {
        const all = writes(count);
        const obliged = all.filter((_, i) => !refused.includes(i));
        const window = (rows: Row[]) => rows.slice(-200);
        const foreign = Array.from({ length: strangers }, (_, i) => ({
          id: 5_000 + i,
          text: `note ${i}`,
          created_at: '2026-11-20T08:00:00.000Z',
        }));
        const kept = all.filter((_, i) => !lost.includes(i) && !refused.includes(i));
        const app = window([...foreign, ...kept.map((one, i) => one.row(i))]);
        const findings = judge(
          window(all.map((one, i) => one.row(i))),
          app,
          obliged.map((one) => one.obligation),
        );
        const missing = findings.differences.filter((one) => one.kind === 'missing').map((one) => one.fill! - 1);
        expect(findings.changed + findings.doubled + findings.baselineWrong).toBe(0);
        for (const index of missing) expect(lost).toContain(index);
        const full = app.length === 200 || app.length === 50;
        const expected = lost.filter((index) => index < count && !refused.includes(index));
        if (!full) expect(missing.toSorted((a, b) => a - b)).toEqual(expected.toSorted((a, b) => a - b));
        expect(findings.matched + findings.missing + findings.behindWindow).toBe(obliged.length);
      }),
      { numRuns: 150 },
    );
  });
});

describe('what a store changes that no comparison of two rows tells', () => {
  const all = writes(6);
  const obligations = all.map(({ obligation: { fill, ...one } }) => ({
    ...{ ...one, fill, acknowledgedAt: new Date(Date.UTC(2026, 10, 20, 10, fill)).toISOString() },
  }));
  const rows = all.map((one, i) => one.row(i + 1));
  const inJanuary1970 = (row: Row): Row => ({ ...row, created_at: new Date(Date.parse(row.created_at) / 1_000).toISOString() }); // prettier-ignore

  it('is a time of another unit: the row is changed, whatever rule says that clocks differ', () => {
    const findings = judge(rows, [...rows.slice(0, 2).map(inJanuary1970), ...rows.slice(2)], obligations);
    expect(findings).toMatchObject({ matched: 4, changed: 2, missing: 0 });
    const [{ marker }] = obligations as [Obligation];
    expect(findings.found[0]).toEqual(['changed', marker, 1, 0]);
    expect(findings.differences[0]!.fields).toMatchObject([{ path: '/created_at', kind: 'wrong-unit', app: expect.stringMatching(/^1970-01-21T/) }]); // prettier-ignore
    expect(judge(rows, rows.map(inJanuary1970), obligations)).toMatchObject({ matched: 6, changed: 0 });
  });

  it('is no time of rows that were inherited: who began from a copy need not have copied it', () => {
    const [old, ...own] = obligations as [Obligation, ...Obligation[]];
    const shown = [inJanuary1970(rows[0]!), ...rows.slice(1)];
    expect(judge(rows, shown, own, { inherited: [old] })).toMatchObject({ matched: 6, changed: 0, absent: 0 });
  });

  it('is a numbering that has begun again, when rows are missing', () => {
    const numbered = (...ids: number[]) => ids.map((id, n) => ({ ...rows[6 - ids.length + n]!, id }));
    expect(judge(rows, numbered(13, 14, 11, 12), obligations).keysAgain).toEqual({ first: 11, last: 12 });
    expect(judge(rows, numbered(13, 14, 15, 16), obligations).keysAgain).toBeUndefined();
    expect(judge(rows, numbered(13, 14, 15, 16, 11, 12), obligations).keysAgain).toBeUndefined();
  });

  it('is a value that was rounded: it is changed, not missing, and its row nobody else’s', () => {
    const sent = [987_654_321, 5, 123_456_789];
    const valued = sent.map((value, n): Obligation => ({ ...obligations[n]!, marker: `${value}`, payload: { kind: 'value', value } })); // prettier-ignore
    const listed = (numbers: number[]) => bytes({ rows: numbers.map((number) => ({ number })) });
    const shown = { endpoint: values, obligations: valued, app: listed([...sent.map(Math.fround), 77]) };
    for (const baseline of [listed(sent), listed([])]) {
      const findings = judgeRows(evidence({ ...shown, baseline }));
      expect(findings).toMatchObject({ matched: 1, changed: 2, missing: 0, outside: 1 });
      expect(findings.differences[0]!.fields).toMatchObject([{ path: '/number', baseline: 987_654_321, app: 987_654_336 }]); // prettier-ignore
    }
  });
});

describe('the full history', () => {
  const [old, older] = writes(12).slice(0, 2) as [ReturnType<typeof write>, ReturnType<typeof write>];
  const own = write(40);
  const all = [old, older, own].map((one, i) => one.row(i));
  const inherited = [old, older].map((one) => one.obligation);
  const judgeFull = (baseline: Row[], app: Row[]) => judge(baseline, app, [own.obligation], { inherited });

  it('asks for what the baseline shows as well, and calls it absent, not lost', () => {
    expect(judgeFull(all, all)).toMatchObject({ matched: 3, inherited: 2, absent: 0, outside: 0 });
    const findings = judgeFull(all, [all[0]!, all[2]!]);
    expect(findings).toMatchObject({ matched: 2, missing: 0, absent: 1 });
    expect(findings.found).toEqual([['absent', older.obligation.marker, 2, 2]]);
  });

  it('finds what was copied wrong or twice', () => {
    const cut = { ...all[1]!, text: all[1]!.text.replace('Grateful', 'Grate') };
    expect(judgeFull(all, [all[0]!, cut, all[2]!])).toMatchObject({ changed: 1, absent: 0 });
    expect(judgeFull(all, [all[0]!, all[0]!, all[1]!, all[2]!])).toMatchObject({ doubled: 1, absent: 0 });
  });

  it('asks for nothing that the baseline does not show, nor for what a full list may have behind it', () => {
    expect(judgeFull([all[2]!], [all[2]!])).toMatchObject({ matched: 1, inherited: 0, absent: 0 });
    const spoilt = { ...all[0]!, text: `another text ${old.obligation.marker}` };
    expect(judgeFull([spoilt, all[2]!], [all[2]!])).toMatchObject({ matched: 1, inherited: 0, absent: 0 });
    const newer = Array.from({ length: 199 }, (_, i) => ({ ...all[2]!, id: 100 + i, text: `mine ${i}` }));
    expect(judgeFull(all, [...newer, all[2]!])).toMatchObject({ matched: 1, absent: 0 });
  });

  it('asks for none of it where a lab does not', () => {
    expect(judge(all, [all[2]!], [own.obligation])).toMatchObject({ matched: 1, inherited: 0, absent: 0, outside: 0 });
  });
});
