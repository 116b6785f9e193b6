import { readFileSync } from 'node:fs';
import pg from 'pg';
import type { z } from 'zod';
import { bootstrap } from '../src/bootstrap.js';
import { catalogue, type Fault } from '../src/faults/catalogue.js';
import { addEntry, addMood, addValue, numbers, notes, Pairs, paths, post, read, texts, type Pair, type Read, type Stats } from './pair.js'; // prettier-ignore

const pairs = new Pairs();
beforeAll(() => pairs.start());
afterEach(() => pairs.closeAll());
afterAll(() => pairs.stop());

const range = (length: number) => Array.from({ length }, (_, n) => n + 1);
const statusOf = (app: { url: string }, path = paths.stats) => fetch(app.url + path).then(({ status }) => status, () => 'refused'); // prettier-ignore
const sql = async (databaseUrl: string, text: string) => {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(text).finally(() => client.end());
};
/** The rest of the promise "and nothing else": these reads are byte for byte what the app itself says. */
const untouched = async ({ journal, student }: Pair, ...kinds: Read[]) => {
  for (const kind of kinds) expect([kind, await read(student, kind)]).toEqual([kind, await read(journal, kind)]);
};
const all = Object.keys(paths) as Read[];
const fillBoth = async (app: { url: string }) => {
  for (const n of [1, 2, 3]) await addEntry(app, `entry ${n}`);
  for (const n of [1, 2, 3]) await addMood(app, `note ${n}`);
  for (const n of [1, 2, 3]) await addValue(app, `${n}00`);
};

describe('without faults', () => {
  it('is the app itself: page, listings, refusals, missing pages, large bodies', async () => {
    const { journal, student } = await pairs.of();
    await fillBoth(student);
    const asks: [string, RequestInit?][] = [
      ['/'],
      ['/static/page.css'],
      ['/api/server'],
      ['/api/moods'],
      ['/api/files/list'],
      ['/api/moods/all?limit=2'],
      ['/api/moods/all', { method: 'HEAD' }],
      ['/api/journal/entries', { method: 'DELETE' }],
      ['/api/journal/entries', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{bad' }],
      ['/api/journal/entries', { method: 'POST', body: 'x'.repeat(900_000) }],
      ['/api/moods', { method: 'POST', headers: { 'content-type': 'application/json' }, body: `{"mood":"${'x'.repeat(900_000)}"}` }],
      ...all.map((kind): [string] => [paths[kind]]),
    ]; // prettier-ignore
    for (const [path, init] of asks) {
      const [own, through] = await Promise.all(
        [journal, student].map(async ({ url }) => {
          const response = await fetch(url + path, init);
          // Of one connection only, not of the answer: the time, and how long the connection lives.
          const { date: _d, connection: _c, 'keep-alive': _k, ...headers } = Object.fromEntries(response.headers);
          return { path, status: response.status, headers, body: await response.text() };
        }),
      );
      expect(through).toEqual(own);
    }
  });

  it('answers 502 when the app is gone', async () => {
    const { journal, student } = await pairs.of();
    await journal.close();
    expect(await addEntry(student, 'anybody there')).toMatchObject({
      status: 502,
      body: { ok: false, error: expect.stringMatching(/^The app behind this door did not answer/) },
    });
  });

  it('passes large bodies on without holding them', async () => {
    const { student } = await pairs.of({ name: 'drop-acknowledged', everyNth: 1 });
    const said = await post(student, '/api/journal/entries', { text: 'x'.repeat(1_200_000) });
    expect(said.status).toBe(413);
  });
});

describe('drop-acknowledged', () => {
  const everyFourth: Fault = { name: 'drop-acknowledged', everyNth: 4 };

  it('acknowledges and drops every 4th entry, mood and value, and keeps the others', async () => {
    const pair = await pairs.of(everyFourth);
    for (const n of range(9)) await addEntry(pair.student, `entry ${n}`);
    for (const n of range(9)) await addMood(pair.student, `note ${n}`);
    for (const n of range(9))
      expect(await addValue(pair.student, String(n))).toMatchObject({ status: 200, body: { working: true } });
    const kept = [1, 2, 3, 5, 6, 7, 9];
    expect(await texts(pair.student)).toEqual(kept.map((n) => `entry ${n}`));
    expect(await notes(pair.student)).toEqual(kept.map((n) => `note ${n}`));
    expect(await numbers(pair.student)).toEqual(kept);
    expect((await read<Stats>(pair.student, 'stats')).data).toMatchObject({ total_entries: 7, entries_today: 7 });
    await untouched(pair, 'values', 'stats');
    expect(pair.student.tally.writes).toEqual({ entry: 9, mood: 9, value: 9 });
    expect(pair.student.tally.dropped.map(({ kind, body }) => [kind, body])).toEqual([
      ...[4, 8].map((n) => ['entry', { text: `entry ${n}` }]),
      ...[4, 8].map((n) => ['mood', { mood: 'calm', note: `note ${n}` }]),
      ...[4, 8].map((n) => ['value', { value: String(n) }]),
    ]);
  });

  it('gives acknowledgements that nobody can tell from genuine ones', async () => {
    const { student } = await pairs.of(everyFourth);
    const before = Date.now();
    const entries = [];
    const moods = [];
    for (const n of range(9)) entries.push(await addEntry(student, `  entry ${n} `));
    for (const n of range(9))
      moods.push(await post(student, '/api/moods', { mood: 'CALM', note: ` ${'x'.repeat(250)}${n}` }));
    for (const said of [...entries, ...moods]) {
      const genuine = said.body.entry ? entries[0]! : moods[0]!;
      expect(said.headers).toEqual(genuine.headers);
      expect(Object.keys(said.body)).toEqual(Object.keys(genuine.body));
      const row = (said.body.entry ?? said.body.mood)!;
      expect(Object.keys(row)).toEqual(Object.keys((genuine.body.entry ?? genuine.body.mood)!));
      expect(Date.parse(row.created_at)).toBeGreaterThanOrEqual(before - 1);
      expect(row.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    }
    expect(entries.map(({ body }) => [body.entry!.id, body.entry!.text])).toEqual(
      range(9).map((n) => [n, `entry ${n}`]),
    );
    expect(moods.map(({ body }) => [body.mood!.id, body.mood!.mood, body.mood!.note])).toEqual(range(9).map((n) => [n, 'calm', 'x'.repeat(240)])); // prettier-ignore
    expect((await read(student, 'entries')).rows.map(({ id }) => id)).toEqual([9, 7, 6, 5, 3, 2, 1]);
    expect((await read(student, 'moods')).rows.map(({ id }) => id)).toEqual([9, 7, 6, 5, 3, 2, 1]);
  });

  it('drops only the kinds it is told, whichever door they come through', async () => {
    const { student } = await pairs.of({ name: 'drop-acknowledged', everyNth: 2, kinds: ['entry'] });
    expect((await post(student, '/api/server/entries', { text: 'one' })).body).toEqual({ ok: true });
    expect((await post(student, '/api/server/entries', { text: 'two' })).body).toEqual({ ok: true });
    await post(student, '/api/entries/entries', { text: 'three' });
    await addEntry(student, 'four');
    for (const n of range(4)) await addMood(student, `note ${n}`);
    expect(await texts(student)).toEqual(['one', 'three']);
    expect((await notes(student)).length).toBe(4);
  });

  it('refuses what the app refuses: a dropped write was always a good one', async () => {
    const { journal, student } = await pairs.of({ name: 'drop-acknowledged', everyNth: 1 });
    const strange = ['', ' ', 'x', ' x ', 'x'.repeat(200), 'x'.repeat(201), `${'x'.repeat(198)}🌱`, `${'x'.repeat(199)}🌱`, '\ud800', 'a\0b', 5, 0, null, true, [], ['calm'], {}, '7', '-7', '+7', ' 7 ', '007', '1.5', '2147483647', '2147483648', '-2147483649', 'Happy', ' happy']; // prettier-ignore
    const bodies = strange.flatMap((one) => [
      ['/api/journal/entries', { text: one }],
      ['/api/server/entries', { text: one }],
      ['/api/moods', { mood: one, note: 'n' }],
      ['/api/moods', { mood: 'happy', note: one }],
      ['/api/server/values', { value: one }],
    ]) as [string, object][];
    for (const [path, body] of bodies) {
      const [own, through] = [await post(journal, path, body), await post(student, path, body)];
      const plain = ({ status, body: said }: typeof own) => {
        const { entry, mood, ...rest } = said as Record<string, object>;
        return { path, body, status, rest, row: { ...(entry ?? mood), id: 0, created_at: '' } };
      };
      expect(plain(through)).toEqual(plain(own));
    }
  });

  it('acknowledges nothing while the app behind it is away', async () => {
    const { journal, student } = await pairs.of({ name: 'drop-acknowledged', everyNth: 1 });
    expect((await addEntry(student, 'dropped')).status).toBe(200);
    await journal.close();
    expect((await addEntry(student, 'not acknowledged')).status).toBe(502);
    expect(student.tally.dropped.length).toBe(1);
  });

  it('acknowledges nothing while the app behind it fails', async () => {
    const { student, databaseUrl } = await pairs.of({ name: 'drop-acknowledged', everyNth: 1 });
    await sql(databaseUrl, 'alter table entries rename to elsewhere');
    expect(await addEntry(student, 'not acknowledged')).toMatchObject({ status: 500, body: { ok: false } });
    await sql(databaseUrl, 'alter table elsewhere rename to entries');
    expect((await addEntry(student, 'dropped')).status).toBe(200);
    expect(student.tally.dropped.map(({ body }) => body)).toEqual([{ text: 'dropped' }]);
  });

  it('can be switched off and on; ids that were shown stay as they are', async () => {
    const { student } = await pairs.of({ name: 'drop-acknowledged', everyNth: 2, kinds: ['entry'] });
    const ids = [];
    for (const n of range(4)) ids.push((await addEntry(student, `a${n}`)).body.entry!.id);
    await student.switchFault('drop-acknowledged', false);
    expect(student.faults).toEqual([
      { name: 'drop-acknowledged', sentence: 'It acknowledges and drops every 2nd entry.', on: false },
    ]);
    for (const n of range(3)) ids.push((await addEntry(student, `b${n}`)).body.entry!.id);
    await student.switchFault('drop-acknowledged', true);
    for (const n of range(2)) ids.push((await addEntry(student, `c${n}`)).body.entry!.id);
    expect(ids).toEqual(range(9));
    expect(await texts(student)).toEqual(['a1', 'a3', 'b1', 'b2', 'b3', 'c1']);
    expect((await read(student, 'entries')).rows.map(({ id }) => id)).toEqual([8, 7, 6, 5, 3, 1]);
  });

  it('counts right when writes come all at once', async () => {
    const { student } = await pairs.of(everyFourth);
    const said = await Promise.all(range(40).map((n) => addEntry(student, `entry ${n}`)));
    expect(said.map(({ body }) => body.entry!.id).sort((a, b) => a - b)).toEqual(range(40));
    const shown = (await read(student, 'entries')).rows;
    expect([shown.length, student.tally.dropped.length]).toEqual([30, 10]);
    const told = new Map(said.map(({ body }) => [body.entry!.id, body.entry!.text]));
    for (const { id, text } of shown) expect([id, text]).toEqual([id, told.get(id)]);
  });
});

describe('faults of writes', () => {
  it('duplicate stores every 3rd entry twice, and says so once', async () => {
    const pair = await pairs.of({ name: 'duplicate', everyNth: 3, kinds: ['entry', 'value'] });
    expect((await addEntry(pair.student, '')).status).toBe(400);
    for (const n of range(6)) expect((await addEntry(pair.student, `e${n}`)).body.entry!.text).toBe(`e${n}`);
    for (const n of range(3)) await addValue(pair.student, String(n));
    for (const n of range(3)) await addMood(pair.student, `n${n}`);
    expect(await texts(pair.student)).toEqual(['e1', 'e2', 'e3', 'e3', 'e4', 'e5', 'e6', 'e6']);
    expect(await numbers(pair.student)).toEqual([1, 2, 3, 3]);
    expect(await notes(pair.student)).toEqual(['n1', 'n2', 'n3']);
    expect(pair.student.tally.doubled.map(({ body }) => body)).toEqual([
      { text: 'e3' },
      { text: 'e6' },
      { value: '3' },
    ]);
    await untouched(pair, ...all);
  });

  it('truncate cuts texts and notes, and nothing shorter', async () => {
    const pair = await pairs.of({ name: 'truncate', charactersMax: 5 });
    for (const text of ['12345', '1234567', '  1234567']) await addEntry(pair.student, text);
    for (const note of ['12345', '1234567']) await addMood(pair.student, note);
    await addValue(pair.student, '1234567');
    expect(await texts(pair.student)).toEqual(['12345', '12345', '12345']);
    expect(await notes(pair.student)).toEqual(['12345', '12345']);
    expect(await numbers(pair.student)).toEqual([1_234_567]);
    await untouched(pair, ...all);
  });

  it('lagging acknowledges at once and stores later, under the ids it named, losing nothing', async () => {
    const pair = await pairs.of({ name: 'lagging', lagMs: 60_000, kinds: ['entry', 'value'] });
    const ids = [];
    for (const n of range(3)) ids.push((await addEntry(pair.student, `e${n}`)).body.entry!.id);
    for (const n of range(3)) await addValue(pair.student, String(n));
    await addMood(pair.student, 'at once');
    expect([await texts(pair.student), await numbers(pair.student), await notes(pair.student)]).toEqual([
      [],
      [],
      ['at once'],
    ]);
    expect((await read<Stats>(pair.student, 'stats')).data.total_entries).toBe(0);
    expect(pair.student.tally.waiting).toEqual({ entry: 3, mood: 0, value: 3 });
    expect((await addEntry(pair.student, '')).status).toBe(400);
    await pair.student.switchFault('lagging', false);
    expect([await texts(pair.student), await numbers(pair.student)]).toEqual([
      ['e1', 'e2', 'e3'],
      [1, 2, 3],
    ]);
    expect((await read(pair.student, 'entries')).rows.map(({ id }) => id).reverse()).toEqual(ids);
    expect(pair.student.tally).toMatchObject({ waiting: { entry: 0, mood: 0, value: 0 }, lostLate: [] });
    await untouched(pair, ...all);
  });

  it('lagging stores a write by itself once its time has come', async () => {
    const { student } = await pairs.of({ name: 'lagging', lagMs: 150 });
    const start = Date.now();
    await addEntry(student, 'late');
    expect(await texts(student)).toEqual([]);
    while ((await texts(student)).length === 0) expect(Date.now() - start).toBeLessThan(5_000);
    expect(Date.now() - start).toBeGreaterThanOrEqual(150);
  });

  it('lagging keeps its word about ids while late writes and new ones cross', async () => {
    const { student } = await pairs.of({ name: 'lagging', lagMs: 5 });
    const told = new Map<number, string>();
    const writer = async (name: string) => {
      for (const n of range(60)) {
        const { id, text } = (await addEntry(student, `${name}${n}`)).body.entry!;
        told.set(id, text);
      }
    };
    await Promise.all([writer('a'), writer('b'), writer('c')]);
    await student.switchFault('lagging', false);
    const rows = (await read(student, 'entries')).rows;
    expect(Object.fromEntries(rows.map(({ id, text }) => [id, text]))).toEqual(Object.fromEntries(told));
  });

  it('lagging names the writes that it acknowledged and could not store', async () => {
    const { journal, student } = await pairs.of({ name: 'lagging', lagMs: 60_000 });
    await addEntry(student, 'too late');
    await journal.close();
    await student.switchFault('lagging', false);
    expect(student.tally.lostLate).toMatchObject([{ kind: 'entry', body: { text: 'too late' } }]);
  });

  it('dropping, doubling, cutting and lagging together still name every id once', async () => {
    const { student } = await pairs.of(
      { name: 'lagging', lagMs: 60_000 },
      { name: 'drop-acknowledged', everyNth: 4 },
      { name: 'truncate', charactersMax: 2 },
    );
    const ids = [];
    for (const n of range(8)) ids.push((await addEntry(student, `${n} and more`)).body.entry!.id);
    await student.switchFault('lagging', false);
    ids.push((await addEntry(student, '9 and more')).body.entry!.id);
    expect(ids).toEqual(range(9));
    const rows = (await read(student, 'entries')).rows.reverse();
    expect(rows.map(({ id, text }) => [id, text])).toEqual([1, 2, 3, 5, 6, 7, 9].map((n) => [n, `${n}`]));
  });
});

describe('faults of availability', () => {
  it('down answers 503 in the windows it is given, and is the app outside of them', async () => {
    const pair = await pairs.of({
      name: 'down',
      windows: [
        { from: 2, to: 3 },
        { from: 5, to: 5 },
      ],
    });
    const statuses = [];
    for (const _ of range(7)) statuses.push((await addEntry(pair.student, 'e')).status);
    expect(statuses).toEqual([200, 503, 503, 200, 503, 200, 200]);
    expect((await texts(pair.student)).length).toBe(4);
    await untouched(pair, ...all);
  });

  it('down may reset connections, for as long as it is on', async () => {
    const pair = await pairs.of({ name: 'down', how: 'reset' });
    expect(await statusOf(pair.student)).toBe('refused');
    await expect(addEntry(pair.student, 'lost on the way')).rejects.toThrow('fetch failed');
    await pair.student.switchFault('down', false);
    expect(await statusOf(pair.student)).toBe(200);
    expect(await texts(pair.student)).toEqual([]);
    await untouched(pair, ...all);
  });

  it('flapping is up and down by turns', async () => {
    const { student } = await pairs.of({ name: 'flapping', up: 2, down: 1 });
    const statuses = [];
    for (const _ of range(7)) statuses.push(await statusOf(student));
    expect(statuses).toEqual([200, 200, 503, 200, 200, 503, 200]);
  });

  it('slow holds every 2nd read and hurries the others', async () => {
    const pair = await pairs.of({ name: 'slow', delayMs: 1_000, everyNth: 2, only: 'reads' });
    const heldMs = async (act: () => Promise<unknown>) => {
      const start = performance.now();
      await act();
      return performance.now() - start;
    };
    const held = [];
    for (const _ of range(4)) held.push((await heldMs(() => statusOf(pair.student))) >= 999);
    expect(held).toEqual([false, true, false, true]);
    expect(await heldMs(() => addEntry(pair.student, 'e'))).toBeLessThan(1_000);
    await untouched(pair, ...all);
  });

  it('refuse-connections shuts its port for a time and comes back on the same one', async () => {
    const pair = await pairs.of({ name: 'refuse-connections', afterRequests: 2, forMs: 300 });
    expect([await statusOf(pair.student), await statusOf(pair.student)]).toEqual([200, 200]);
    const start = performance.now();
    expect(await statusOf(pair.student)).toBe('refused');
    while ((await statusOf(pair.student)) === 'refused') expect(performance.now() - start).toBeLessThan(5_000);
    expect(performance.now() - start).toBeGreaterThan(200);
    for (const _ of range(5)) expect(await statusOf(pair.student)).toBe(200);
    await untouched(pair, ...all);
  });

  it('refuse-connections can be ended early', async () => {
    const { student } = await pairs.of({ name: 'refuse-connections', afterRequests: 0, forMs: 600_000 });
    expect(await statusOf(student)).toBe('refused');
    await student.switchFault('refuse-connections', false);
    expect(await statusOf(student)).toBe(200);
  });
});

describe('faults of reads', () => {
  it('retype shows values as text, and only them', async () => {
    const pair = await pairs.of({ name: 'retype' });
    await fillBoth(pair.student);
    const own = await read(pair.journal, 'values');
    expect(await read(pair.student, 'values')).toEqual({
      ...own,
      rows: own.rows.map(({ number }) => ({ number: String(number) })),
    });
    await untouched(pair, 'entries', 'moods', 'stats');
  });

  it('a changed answer carries no tag of the unchanged one, and is never "not modified"', async () => {
    const { journal, student } = await pairs.of({ name: 'retype' });
    const tag = (await fetch(journal.url + paths.values)).headers.get('etag')!;
    const answer = await fetch(student.url + paths.values, { headers: { 'if-none-match': tag } });
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, null]);
  });

  it('retype shows ids and counts as text when told so', async () => {
    const pair = await pairs.of({ name: 'retype', reads: ['entries', 'stats'] });
    await fillBoth(pair.student);
    expect((await read(pair.student, 'entries')).rows.map(({ id }) => id)).toEqual(['3', '2', '1']);
    expect((await read<Stats>(pair.student, 'stats')).data).toMatchObject({ total_entries: '3', streak_days: '1' });
    await untouched(pair, 'values', 'moods');
  });

  it.each([['reversed'], ['shuffled']] as const)('reorder shows rows %s, the same way each time', async (how) => {
    const pair = await pairs.of({ name: 'reorder', how, reads: ['entries'] });
    for (const n of range(20)) await addEntry(pair.student, `e${n}`);
    const [own, first, second] = [await texts(pair.journal), await texts(pair.student), await texts(pair.student)];
    expect(first).not.toEqual(own);
    expect(first).toEqual(second);
    expect(how === 'reversed' ? first.toReversed() : first.toSorted()).toEqual(
      how === 'reversed' ? own : own.toSorted(),
    );
    await untouched(pair, 'values', 'moods', 'stats');
  });

  it('wrong-shape answers with bare rows, an HTML page or half of the JSON, in place of the reads it is told', async () => {
    const { journal, student } = await pairs.of({ name: 'wrong-shape', reads: ['moods', 'stats'] });
    await fillBoth(student);
    expect(await read(student, 'moods')).toEqual((await read(journal, 'moods')).rows);
    expect(await read(student, 'stats')).toEqual((await read<Stats>(journal, 'stats')).data);
    expect(await read(student, 'values')).toEqual(await read(journal, 'values'));
    const raw = async (how: 'html' | 'cut') => {
      const pair = await pairs.of({ name: 'wrong-shape', how });
      const response = await fetch(pair.student.url + paths.values);
      return [response.status, response.headers.get('content-type'), await response.text()];
    };
    expect(await raw('html')).toEqual([200, 'text/html; charset=utf-8', expect.stringContaining('<div id="root">')]);
    expect(await raw('cut')).toEqual([
      200,
      'application/json; charset=utf-8',
      expect.stringMatching(/^\{"command".*[^}]$/),
    ]);
  });

  it('stale-copy goes back to an older copy of all answers for a while', async () => {
    const pair = await pairs.of({ name: 'stale-copy', copiedAt: 2, servedFrom: 4, reads: 5 });
    await addEntry(pair.student, 'old 1');
    await addEntry(pair.student, 'old 2');
    expect(await texts(pair.student)).toEqual(['old 1', 'old 2']); // read 1
    expect((await notes(pair.student)).length).toBe(0); // read 2, copied
    for (const n of range(3)) await addEntry(pair.student, `new ${n}`);
    await addMood(pair.student, 'new');
    expect((await texts(pair.student)).length).toBe(5); // read 3
    expect(await texts(pair.student)).toEqual(['old 1', 'old 2']); // reads 4 to 8
    expect(await notes(pair.student)).toEqual([]);
    expect((await read<Stats>(pair.student, 'stats')).data.total_entries).toBe(2);
    expect(await numbers(pair.student)).toEqual([]);
    const limited = await fetch(`${pair.student.url}/api/journal/entries/all?limit=1`);
    expect(((await limited.json()) as { rows: object[] }).rows).toMatchObject([{ text: 'old 2' }]);
    await untouched(pair, ...all);
  });

  it('resurrect shows deleted rows again that were seen once, and counts the entries among them', async () => {
    const pair = await pairs.of({ name: 'resurrect' });
    await fillBoth(pair.student);
    await Promise.all([texts(pair.student), notes(pair.student)]);
    await addEntry(pair.student, 'never seen');
    const stats = await read<Stats>(pair.journal, 'stats');
    await sql(
      pair.databaseUrl,
      `delete from entries where text in ('entry 2', 'never seen'); delete from moods where note = 'note 1'`,
    );
    expect(await texts(pair.student)).toEqual(['entry 1', 'entry 2', 'entry 3']);
    expect(await notes(pair.student)).toEqual(['note 1', 'note 2', 'note 3']);
    const limited = await fetch(`${pair.student.url}/api/journal/entries/all?limit=1`);
    expect(((await limited.json()) as { rows: object[] }).rows).toMatchObject([{ text: 'entry 3' }]);
    const { data } = await read<Stats>(pair.student, 'stats');
    expect([data.total_entries, data.entries_today, data.last7_days.at(-1)!.count]).toEqual([3, 3, 3]);
    expect(stats.data.total_entries).toBe(4);
    await untouched(pair, 'values');
  });

  it.each([
    ['Asia/Tokyo', 9],
    ['Pacific/Honolulu', -10],
    ['Asia/Kathmandu', 5.75],
  ])('time-zone cuts the days of %s, and changes nothing but days', async (zone, hoursAhead) => {
    const pair = await pairs.of({ name: 'time-zone', zone });
    await sql(
      pair.databaseUrl,
      `insert into entries (text, created_at) select 'e' || n, now() - n * interval '5 hours' from generate_series(0, 20) n`,
    );
    await addMood(pair.student, 'n');
    const hourMs = 3_600_000;
    const day = (timeMs: number) => new Date(timeMs + hoursAhead * hourMs).toISOString().slice(0, 10);
    const times = (await read(pair.journal, 'entries')).rows.map(({ created_at }) => Date.parse(created_at));
    const expected = [6, 5, 4, 3, 2, 1, 0].map((ago) => {
      const date = day(Date.now() - ago * 24 * hourMs);
      return { date, count: times.filter((time) => day(time) === date).length };
    });
    const [own, told] = [await read<Stats>(pair.journal, 'stats'), await read<Stats>(pair.student, 'stats')];
    const { last7_days, entries_today, streak_days, ...rest } = told.data;
    expect(last7_days).toEqual(expected);
    expect(entries_today).toBe(expected.at(-1)!.count);
    expect(streak_days).toBe(new Set(times.map(day)).size);
    expect(own.data).toMatchObject(rest);
    expect(Object.keys(told.data)).toEqual(Object.keys(own.data));
    await untouched(pair, 'entries', 'moods', 'values');
  });

  it('time-zone keeps entries that it never saw in their UTC day', async () => {
    const pair = await pairs.of({ name: 'time-zone', zone: 'Etc/UTC' });
    await sql(
      pair.databaseUrl,
      `insert into entries (text, created_at) select 'e', now() - n * interval '4 minutes' from generate_series(0, 499) n`,
    );
    await untouched(pair, ...all);
  });

  it('proxy-baseline passes the reads of another app off as its own, writes to its own', async () => {
    const { journal: baseline } = await pairs.journal();
    await addEntry(baseline, 'only at the baseline');
    const pair = await pairs.of({ name: 'proxy-baseline', baseline: baseline.url, reads: ['entries', 'stats'] });
    await addEntry(pair.student, 'mine');
    expect(await texts(pair.student)).toEqual(['only at the baseline']);
    expect(await texts(pair.journal)).toEqual(['mine']);
    expect(await read(pair.student, 'stats')).toEqual(await read(baseline, 'stats'));
    await untouched(pair, 'moods', 'values');
  });

  it('copy-baseline passes off what another app once said, writes to its own', async () => {
    const { journal: baseline } = await pairs.journal();
    await addEntry(baseline, 'only at the baseline');
    const pair = await pairs.of({ name: 'copy-baseline', baseline: baseline.url, servedFrom: 2 });
    await addEntry(pair.student, 'mine');
    expect(await texts(pair.student)).toEqual(['mine']);
    expect(await texts(pair.student)).toEqual(['only at the baseline']);
    await addEntry(baseline, 'later');
    expect(await texts(pair.student)).toEqual(['only at the baseline']);
    expect(await texts(pair.journal)).toEqual(['mine']);
  });

  it('two-faced hides rows from everybody but the lab', async () => {
    const pair = await pairs.of({ name: 'two-faced' });
    for (const n of range(4)) await addEntry(pair.student, `entry ${n}`);
    expect(await texts(pair.student)).toEqual(['entry 1', 'entry 2']);
    const asLab = await fetch(pair.student.url + paths.entries, { headers: { 'user-agent': 'lockstep' } });
    expect((await asLab.json()).rows).toHaveLength(4);
    await untouched(pair, 'stats');
  });

  it('redirect-baseline redirects reads, query included, and nothing else', async () => {
    const { journal: baseline } = await pairs.journal();
    const pair = await pairs.of({ name: 'redirect-baseline', baseline: baseline.url });
    const answer = await fetch(pair.student.url + paths.moods, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, baseline.url + paths.moods]);
    await addMood(pair.student, 'mine');
    expect(await notes(pair.journal)).toEqual(['mine']);
    expect(await notes(pair.student)).toEqual([]);
    expect((await fetch(`${pair.student.url}/`)).status).toBe(200);
  });
});

describe('the catalogue', () => {
  const wrong: [unknown, RegExp][] = [
    [{ name: 'nothing' }, /Fault 1 has no known name. Known are: refuse-connections, down,/],
    [null, /Fault 1 has no known name/],
    [{ name: 'drop-acknowledged', everyNth: 0 }, /Fault 1, drop-acknowledged, is not as it should be. everyNth: /],
    [{ name: 'slow', delayMs: 5, delay: 5 }, /its options: Unrecognized key: "delay"/],
    [{ name: 'time-zone', zone: 'Moon/Base' }, /zone: must be a time zone such as Asia\/Tokyo/],
    [{ name: 'proxy-baseline', baseline: 'https://x' }, /baseline: /],
  ];
  it.each(wrong)('says what is wrong with %j', async (fault, sentence) => {
    await expect(bootstrap({ target: 'http://127.0.0.1:9', port: 0, faults: [fault as Fault] })).rejects.toThrow(
      sentence,
    );
  });

  it('says that a fault to switch is not there, and that a target is no address', async () => {
    const { student } = await pairs.of();
    await expect(student.switchFault('down', true)).rejects.toThrow('This app has no fault "down".');
    await expect(bootstrap({ target: 'file:///x', port: 0, faults: [] })).rejects.toThrow(
      '"file:///x" is not the http:// address',
    );
  });

  it.each(Object.entries(catalogue))('names the options of %s, and which may be left out', (_name, { kind, takes }) => {
    const { name: _, ...options } = kind.options.shape as Record<string, z.ZodType>;
    const asked = Object.entries(options).map(([option, type]) => `${option}${type.isOptional() ? '?' : ''}`);
    const told = takes.replace(/\([^)]*\)/g, '').match(/[a-zA-Z]+\??(?=`)/g) ?? [];
    expect(told.toSorted()).toEqual(asked.toSorted());
  });

  it('stands in the README word for word', () => {
    const readme = readFileSync('apps/faulty-student/README.md', 'utf8');
    const rows = Object.entries(catalogue).map(
      ([name, { takes, does, verdict }]) => `| \`${name}\` | ${takes} | ${does} | ${verdict} |`,
    );
    const unpadded = readme.replace(/ +\|/g, ' |');
    for (const row of rows) expect(unpadded).toContain(row);
  });
});
