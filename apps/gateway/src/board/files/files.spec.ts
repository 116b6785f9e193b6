import { toCsv } from './csv.js';
import { toJUnit } from './junit.js';
import { toPlainText } from './plain-text.js';
import type { BoardView } from '#libs/contracts/src/gateway.js';
import type { BoardRow, Downtime } from '#libs/contracts/src/leaderboard.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

const endpoint = (path: string, verdict: Verdict, missing = 0) => ({
  ...{ path, label: path, verdict, matched: 4, missing, changed: 0, doubled: 0, outside: 0, note: null },
});
const row = (part: Partial<BoardRow>): BoardRow => ({
  ...{ appId: '0199b2a0-0000-7000-8000-000000000001', name: 'Ada', team: null, url: 'https://a.example', rank: 1 },
  ...{ verdict: 'in-sync', sentence: 'In sync.', endpoints: [], rowsDifferent: 0, acknowledged: 9, lostAfterAck: 0 },
  ...{
    refused: 0,
    downtime: null,
    recent: [],
    comparedAt: '2026-11-20T10:00:00.000Z',
    comparisonId: null,
    inSyncSince: null,
  },
  ...{ joinedAt: '2026-11-20T09:00:00.000Z', traceId: null },
  ...part,
});
const windowId = '0199b2a0-0000-7000-8000-00000000000e';
const watched = (verdict: Downtime['verdict'], ms: number | null) => {
  return row({ downtime: { windowId, verdict, ms, at: '2026-11-20T09:30:00.000Z' } });
};
const overruled: Partial<BoardRow> = {
  ...{ verdict: 'in-sync', sentence: 'In sync, as staff decided.' },
  override: {
    ...{ verdict: 'in-sync', reason: 'Seen.', by: 'teacher', at: '2026-11-20T10:05:00.000Z' },
    machine: { verdict: 'out-of-sync', sentence: '2 rows, lost.' },
  },
};
const board = (rows: BoardRow[], part: Partial<BoardView> = {}): BoardView => ({
  ...{ revision: 1, asOf: '2026-11-20T15:00:00.000Z', frozen: null, since: null, rows, missing: [] },
  ...{ fill: { open: null, last: null }, timers: { fill: null, compare: null } },
  ...part,
});

/** The elements of an XML text, each with its attributes, read by rules of its own: anything that is not well-formed throws. */
function read(xml: string): { name: string; attributes: Record<string, string> }[] {
  const elements: { name: string; attributes: Record<string, string> }[] = [];
  const open: string[] = [];
  const body = xml.replace(/^<\?xml version="1.0" encoding="UTF-8"\?>/, '');
  const rest = body.replaceAll(
    /<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g,
    (_, end: string, name: string, given: string, alone: string) => {
      // prettier-ignore
      if (end && open.pop() !== name) throw new Error(`${name} was not open`);
      if (!end) elements.push({ name, attributes: Object.fromEntries([...given.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, key, value]) => [key!, unescaped(value!)])) }); // prettier-ignore
      if (!end && !alone) open.push(name);
      return '';
    },
  );
  if (rest.trim() !== '' || open.length > 0) throw new Error(`not well-formed: ${rest.trim()} ${open.join()}`);
  return elements;
}
const names: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const unescaped = (text: string): string =>
  text.replaceAll(/&(?:#(\d+)|([a-z]+));|&/g, (_, code?: string, name?: string) => {
    if (code) return String.fromCodePoint(Number(code));
    if (name && name in names) return names[name]!;
    throw new Error(`a bare & in ${text}`);
  });

describe('the board as JUnit XML', () => {
  it('is a suite for each app and a case for each endpoint, with what is wrong', () => {
    const endpoints = [endpoint('/api/a', 'out-of-sync', 2), endpoint('/api/b', 'in-sync'), endpoint('/api/c', 'unreachable')]; // prettier-ignore
    const all = read(
      toJUnit(board([row({ verdict: 'out-of-sync', endpoints }), row({ name: 'New', verdict: 'pending' })])),
    );
    const of = (name: string) => all.filter((one) => one.name === name).map((one) => one.attributes);
    expect(of('testsuites')[0]).toMatchObject({ tests: '4', failures: '1', errors: '1', skipped: '1' });
    expect(of('testsuite').map((one) => [one['name'], one['tests'], one['failures']])).toEqual([['Ada', '3', '1'], ['New', '1', '0']]); // prettier-ignore
    expect(of('testcase').map((one) => [one['classname'], one['name']])).toEqual([['Ada', '/api/a'], ['Ada', '/api/b'], ['Ada', '/api/c'], ['New', 'comparison']]); // prettier-ignore
    expect(of('failure')).toEqual([{ message: '2 missing, 0 changed, 0 doubled, 4 matched' }]);
  });

  it('has a case for the downtime of an app that was watched: what proved nothing is skipped', () => {
    const endpoints = [endpoint('/a', 'in-sync')];
    const shown = [
      watched('proven', 0),
      watched('not-proven', null),
      watched('violated', 1_200),
      watched('violated', 0),
    ];
    const all = read(toJUnit(board([...shown, row({})].map((one) => ({ ...one, endpoints })))));
    const of = (name: string) => all.filter((one) => one.name === name).map((one) => one.attributes);
    expect(of('testcase').filter(({ name }) => name === 'zero downtime')).toHaveLength(4);
    expect(of('testsuites')[0]).toMatchObject({ tests: '9', failures: '2', errors: '0', skipped: '1' });
    expect([...of('skipped'), ...of('failure')].map(({ message }) => message)).toEqual([
      `Not proven: window ${windowId}`,
      `Down for 1.2 s: window ${windowId}`,
      `An acknowledged write was lost: window ${windowId}`,
    ]);
  });

  it('says of an overruled app what staff say, and what the comparison said', () => {
    const all = read(toJUnit(board([row({ ...overruled, endpoints: [endpoint('/api/a', 'out-of-sync', 2)] })])));
    expect(all.find(({ name }) => name === 'testsuites')!.attributes).toMatchObject({ tests: '1', failures: '0' });
    const properties = all.filter(({ name }) => name === 'property').map(({ attributes: { name, value } }) => [name, value]); // prettier-ignore
    expect(properties.slice(1)).toEqual([
      ['verdict', 'in-sync'],
      ['sentence', 'In sync, as staff decided.'],
      ['overruled-by', 'teacher'],
      ['overruled-reason', 'Seen.'],
      ['machine-verdict', 'out-of-sync'],
      ['machine-sentence', '2 rows, lost.'],
    ]);
  });

  it('blames nobody while an app is looked at again', () => {
    const again = row({
      verdict: 'pending',
      sentence: 'Looking again.',
      endpoints: [endpoint('/a', 'out-of-sync', 3)],
    });
    const all = read(toJUnit(board([again])));
    expect(all.filter(({ name }) => name === 'failure')).toEqual([]);
    expect(all.find(({ name }) => name === 'skipped')!.attributes).toEqual({ message: 'Looking again.' });
  });

  it.each([
    ['markup', `</testsuite><script a="1" b='2'>&amp;&#x3c;`],
    ['lines and tabs', 'a\nb\tc\rd'],
    ['the end of a CDATA section', ']]>'],
    ['other alphabets', 'Zoë 🦉 名'],
  ])('holds names with %s as they are', (_, name) => {
    expect(read(toJUnit(board([row({ name })]))).find((one) => one.name === 'testsuite')!.attributes['name']).toBe(
      name,
    );
  });

  it('has no character that XML cannot hold', () => {
    const [suite] = read(toJUnit(board([row({ name: 'a\u0000b\u001bc\ud800d\uffff' })]))).filter((one) => one.name === 'testsuite'); // prettier-ignore
    expect(suite!.attributes['name']).toBe('a\ufffdb\ufffdc\ufffdd\ufffd');
  });
});

describe('the board as CSV', () => {
  it('quotes what needs it, and makes no formula of a name', () => {
    const lines = toCsv(board([row({ name: 'A, "B"\nC' }), row({ name: '=HYPERLINK("x")', rank: null })]));
    const [head, ...rows] = lines.split('\r\n');
    expect(head).toMatch(/^rank,name,team,url,verdict,/);
    expect(rows[0]).toMatch(/^1,"A, ""B""\nC",,https:\/\/a\.example,in-sync,/);
    expect(rows[1]).toMatch(/^,"'=HYPERLINK\(""x""\)",/);
    expect(rows.at(-1)).toBe('');
  });

  it('has the downtime in columns of its own, and no figure of who was not measured', () => {
    const all = [watched('violated', 1_200), watched('not-proven', null), row({})];
    const ends = toCsv(board(all)).split('\r\n').map((line) => line.split(',').slice(-8, -4)); // prettier-ignore
    expect(ends.slice(0, 4)).toEqual([
      ['comparison_id', 'downtime_ms', 'downtime_verdict', 'downtime_window_id'],
      ['', '1200', 'violated', windowId],
      ['', '', 'not-proven', windowId],
      ['', '', '', ''],
    ]);
  });

  /** What a spreadsheet would take for a formula, by whichever of the usual marks it cuts a line into cells. */
  const formulas = (csv: string): string[] => {
    const cells = [',', ';', '\t', '|'].flatMap((mark) => csv.split(new RegExp(`[${mark}\r\n]`)));
    return cells
      .map((cell) => cell.replace(/^"/, ''))
      .filter((cell) => /^[\s\0]*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(cell));
  };

  it.each([
    '=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', ' =1', '\u00a0=1', '\u3000+1', '\ufeff=1', '\0=1', '\uff1d1+1', '\uff0b1', '\uff0d1', '\uff20SUM(A1)',
    '=cmd|\'/C calc\'!A0', '=HYPERLINK("http://x","y")', '=IMPORTXML("http://x","//a")', '"=1+1', 'a;=1+1', 'a\t=1+1', 'a,=1+1', 'a"\n=1+1', 'a;;@x', 'a | =1', "';=1", '=-+@',
  ])('makes no formula of %j, in whichever column it stands', (text) => {
    const columns = { name: text, team: text, url: text, sentence: text };
    expect(formulas(toCsv(board([row(columns)])))).toEqual([]);
    expect(formulas(`1,${text}`).length).toBeGreaterThan(0);
  }); // prettier-ignore

  it('leaves texts as they are that are no formulas', () => {
    const name = "Zoë O'Neill-Ortega; a=b, 1+1, x@y";
    expect(toCsv(board([row({ name, sentence: '3 missing; 2 changed' })]))).toContain(
      `1,"${name}",,https://a.example,in-sync,`,
    );
  });
});

describe('a verdict that staff overruled', () => {
  it('stands in the CSV with what the comparison said', () => {
    const [head, first, second] = toCsv(board([row(overruled), row({})])).split('\r\n');
    expect(head).toMatch(/,overruled_by,overruled_reason,machine_verdict,machine_sentence$/);
    expect(first).toMatch(/,in-sync,.*,teacher,Seen\.,out-of-sync,"2 rows, lost\."$/);
    expect(second).toMatch(/,,,,$/);
  });
});

describe('the board as plain text', () => {
  it('is a table without old figures, and moves no cursor', () => {
    const text = toPlainText(board([row({ name: 'A\u001b[2Jda', rank: 1 }), row({ verdict: 'unknown', rank: null, rowsDifferent: 7 })])); // prettier-ignore
    expect(text).not.toContain('\u001b');
    expect(text.split('\n')[0]).toBe('Lockstep, the board as of 2026-11-20 15:00:00 UTC');
    expect(text).toMatch(/^1 +A \[2Jda +in-sync +0 +0 +not measured +2026-11-20 10:00:00 UTC/m);
    expect(text).toMatch(/^– +Ada +unknown +– +– /m);
  });

  it.each([
    ['✓ 0 ms', watched('proven', 0)],
    ['× 0 ms', watched('violated', 0)],
    ['× 400 ms', watched('violated', 400)],
    ['× 1.2 s', watched('violated', 1_204)],
    ['× 3.1 min', watched('violated', 186_000)],
    ['! not proven', watched('not-proven', null)],
  ])('says %s of an app that was watched', (words, one) => {
    expect(toPlainText(board([one]))).toContain(`  ${words}  `);
  });

  it('says that it is frozen, and to staff that theirs is not', () => {
    const at = '2026-11-20T15:00:00.000Z';
    expect(toPlainText(board([], { frozen: { at, hides: true } }))).toContain(
      'Scoreboard frozen at 2026-11-20 15:00:00 UTC – results after that are hidden',
    );
    expect(toPlainText(board([], { frozen: { at, hides: false } }))).toContain('You are seeing live data');
  });
});
