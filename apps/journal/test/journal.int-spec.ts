import { Agent, request } from 'node:http';
import pg from 'pg';
import { bootstrap, type Journal } from '../src/bootstrap.js';
import { migrate } from '../src/persistence/migrate.js';
import { startLab, type JournalLab } from './journal-lab.js';

const long = (n: number) => 'x'.repeat(n);
const json = { 'content-type': 'application/json' };

let lab: JournalLab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab?.stop());

const start = (databaseUrl: string) => bootstrap({ databaseUrl, port: 0, logLevel: 'silent' });
const sql = async <Row extends object>(databaseUrl: string, text: string): Promise<Row[]> => {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
};

describe('a fresh journal', () => {
  let journal: Journal;
  beforeAll(async () => {
    journal = await start(await lab.database());
  });
  afterAll(() => journal.close());

  it('answers the payloads of the reference app byte for byte', async () => {
    const text = async (path: string) => (await fetch(journal.url + path)).text();
    expect(await text('/api/moods/all')).toBe('{"rows":[]}');
    expect(await text('/api/journal/entries/all')).toBe('{"rows":[]}');
    expect(await text('/api/stats/overview')).toMatch(
      /^{"data":{"last7_days":\[({"date":"\d{4}-\d\d-\d\d","count":0},?){7}\],"mood_trend":\[\],"total_entries":0,"entries_today":0,"streak_days":0}}$/,
    );
    const values = await text('/api/server/values/all');
    expect(values.replace(/"tableID":\d+/, '"tableID":16404')).toBe(
      '{"command":"SELECT","rowCount":0,"oid":null,"rows":[],"fields":[{"name":"number","tableID":16404,"columnID":1,"dataTypeID":23,"dataTypeSize":4,"dataTypeModifier":-1,"format":"text"}],"_parsers":[null],"_types":{"_types":{"arrayParser":{},"builtins":{"BOOL":16,"BYTEA":17,"CHAR":18,"INT8":20,"INT2":21,"INT4":23,"REGPROC":24,"TEXT":25,"OID":26,"TID":27,"XID":28,"CID":29,"JSON":114,"XML":142,"PG_NODE_TREE":194,"SMGR":210,"PATH":602,"POLYGON":604,"CIDR":650,"FLOAT4":700,"FLOAT8":701,"ABSTIME":702,"RELTIME":703,"TINTERVAL":704,"CIRCLE":718,"MACADDR8":774,"MONEY":790,"MACADDR":829,"INET":869,"ACLITEM":1033,"BPCHAR":1042,"VARCHAR":1043,"DATE":1082,"TIME":1083,"TIMESTAMP":1114,"TIMESTAMPTZ":1184,"INTERVAL":1186,"TIMETZ":1266,"BIT":1560,"VARBIT":1562,"NUMERIC":1700,"REFCURSOR":1790,"REGPROCEDURE":2202,"REGOPER":2203,"REGOPERATOR":2204,"REGCLASS":2205,"REGTYPE":2206,"UUID":2950,"TXID_SNAPSHOT":2970,"PG_LSN":3220,"PG_NDISTINCT":3361,"PG_DEPENDENCIES":3402,"TSVECTOR":3614,"TSQUERY":3615,"GTSVECTOR":3642,"REGCONFIG":3734,"REGDICTIONARY":3769,"JSONB":3802,"REGNAMESPACE":4089,"REGROLE":4096}},"text":{},"binary":{}},"RowCtor":null,"rowAsArray":false}',
    );
  });

  it('shows what was written, newest first, values in the order of writing', async () => {
    const post = (path: string, body: object) =>
      fetch(journal.url + path, { method: 'POST', headers: json, body: JSON.stringify(body) });
    const read = async (path: string) => (await fetch(journal.url + path)).json() as Promise<Record<string, unknown>>;
    await post('/api/journal/entries', { text: 'first' });
    await post('/api/journal/entries', { text: ' trimmed unicode ✨ — ünï "quoted" ' });
    for (const [mood, note] of [['happy', 'first'], ['CALM', 'upper-cased mood'], ['tired']]) await post('/api/moods', { mood, note }); // prettier-ignore
    for (const value of ['42', 7, '-3']) await post('/api/server/values', { value });
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(await read('/api/journal/entries/all')).toEqual({
      rows: [
        { id: 2, text: 'trimmed unicode ✨ — ünï "quoted"', created_at: time },
        { id: 1, text: 'first', created_at: time },
      ],
    });
    expect(await read('/api/moods/all?limit=2')).toEqual({
      rows: [
        { id: 3, mood: 'tired', note: '', created_at: time },
        { id: 2, mood: 'calm', note: 'upper-cased mood', created_at: time },
      ],
    });
    expect(await read('/api/server/values/all')).toMatchObject({
      rowCount: 3,
      rows: [{ number: 42 }, { number: 7 }, { number: -3 }],
    });
    const { data } = (await read('/api/stats/overview')) as { data: Record<string, unknown> };
    expect(data).toMatchObject({ total_entries: 2, entries_today: 2, streak_days: 1 });
    expect(data.mood_trend).toEqual([
      { mood: 'happy', count: 1 },
      { mood: 'calm', count: 1 },
      { mood: 'tired', count: 1 },
    ]);
    expect((data.last7_days as { count: number }[]).map(({ count }) => count)).toEqual([0, 0, 0, 0, 0, 0, 2]);
  });

  it('sends the headers of the contract, and 304 for an answer that the reader has', async () => {
    const first = await fetch(`${journal.url}/api/moods/all`);
    expect(first.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(first.headers.get('access-control-allow-origin')).toBe('*');
    const tag = first.headers.get('etag')!;
    expect(tag).toMatch(/^W\/"[0-9a-f]+-.+"$/);
    const again = await fetch(`${journal.url}/api/moods/all`, { headers: { 'if-none-match': tag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });
});

const refusal = (error: string | RegExp) => ({
  ok: false,
  error: typeof error === 'string' ? error : expect.stringMatching(error),
});
const badValue = { working: false, error: expect.stringMatching(/^value /) };
const required = refusal('3 INVALID_ARGUMENT: text is required');
const invalidMood = refusal('3 INVALID_ARGUMENT: invalid mood');
const entry = (text: string) => ({
  ok: true,
  entry: { id: expect.any(Number), text, created_at: expect.any(String) },
});
const mood = (note: string) => ({
  ok: true,
  mood: { id: expect.any(Number), mood: 'happy', note, created_at: expect.any(String) },
});
const notJson = refusal('the body is not a JSON object');
const index = /<div id="root">/;
const replaced = '\uFFFD\uFFFD\uFFFD';
const rowsOf = (length: number) => ({ rows: Array.from({ length }, () => expect.anything()) });

/** Method and path, body as sent (an object is sent as JSON), status, and the answer: JSON or a pattern for HTML. */
type Row = [string, string | object | undefined, number, object | RegExp];
const behaviour: Row[] = [
  ['POST /api/journal/entries', { text: '' }, 400, required],
  ['POST /api/journal/entries', { text: '   ' }, 400, required],
  ['POST /api/journal/entries', {}, 400, required],
  ['POST /api/journal/entries', undefined, 400, required],
  ['POST /api/journal/entries', '', 400, required],
  ['POST /api/journal/entries', { text: long(200) }, 200, entry(long(200))],
  ['POST /api/journal/entries', { text: long(201) }, 400, refusal('3 INVALID_ARGUMENT: max 200 chars')],
  ['POST /api/journal/entries', { text: 12345 }, 200, entry('12345')],
  ['POST /api/journal/entries', { text: 0 }, 400, required],
  ['POST /api/journal/entries', { text: { a: 1 } }, 200, entry('[object Object]')],
  ['POST /api/journal/entries', { text: ['a', 'b'] }, 200, entry('a,b')],
  ['POST /api/journal/entries', { text: null }, 400, required],
  ['POST /api/journal/entries', { text: true }, 200, entry('true')],
  ['POST /api/journal/entries', '{"text":"nul\\u0000byte"}', 400, refusal(/NUL character/)],
  ['POST /api/journal/entries', '{"text":"lone \\ud800 surrogate"}', 200, entry(`lone ${replaced} surrogate`)],
  ['POST /api/journal/entries', '{"text":{"toString":1}}', 400, refusal(/text must be text/)],
  ['POST /api/journal/entries', '{bad json', 400, notJson],
  ['POST /api/journal/entries', [1, 2], 400, required],
  ['POST /api/journal/entries', '"str"', 400, notJson],
  ['POST /api/journal/entries', 'null', 400, notJson],
  ['POST /api/journal/entries text/plain', 'hello', 400, required],
  ['POST /api/journal/entries application/x-www-form-urlencoded', 'text=hello', 400, required],
  ['POST /api/journal/entries', { text: long(1_100_000) }, 413, refusal(/larger than 1048576 bytes/)],
  ['POST /api/journal/entries', { text: long(1_040_000) }, 400, refusal('3 INVALID_ARGUMENT: max 200 chars')],
  ['POST /api/entries', { text: 'legacy path' }, 404, /Cannot POST \//],
  ['POST /api/entries/entries', { text: 'legacy path doubled' }, 200, entry('legacy path doubled')],
  ['PUT /api/journal/entries', { text: 'x' }, 404, /Cannot PUT \/entries/],
  ['DELETE /api/journal/entries/1', undefined, 404, /Cannot DELETE \/entries\/1/],
  ['POST /api/moods', { mood: 'angry' }, 400, invalidMood],
  ['POST /api/moods', {}, 400, invalidMood],
  ['POST /api/moods', undefined, 400, invalidMood],
  ['POST /api/moods', { mood: '' }, 400, invalidMood],
  ['POST /api/moods', { mood: ' happy' }, 400, invalidMood],
  ['POST /api/moods', { mood: 5 }, 400, invalidMood],
  ['POST /api/moods', { mood: ['happy'] }, 200, mood('')],
  ['POST /api/moods', { mood: 'HAPPY', note: 7 }, 200, mood('7')],
  ['POST /api/moods', { mood: 'happy', note: null }, 200, mood('')],
  ['POST /api/moods', { mood: 'happy', note: long(300) }, 200, mood(long(240))],
  ['POST /api/moods', '{"mood":"happy","note":"nul\\u0000byte"}', 400, refusal(/note must not contain the NUL character/)],
  ['POST /api/moods', '{bad', 400, notJson],
  ['POST /api/moods', { mood: 'happy', note: long(102_500) }, 413, refusal(/larger than 102400 bytes/)],
  ['POST /api/moods/moods', { mood: 'happy' }, 200, mood('')],
  ['POST /api/stats/overview', {}, 404, /Cannot POST \/overview/],
  ['GET /api/stats', undefined, 404, /Cannot GET \//],
  ['GET /api/stats/stats/overview', undefined, 200, { data: expect.anything() }],
  ['GET /api/moods', undefined, 404, /Cannot GET \//],
  ['GET /api/moods/moods/all', undefined, 200, rowsOf(5)],
  ['GET /api/moods/all?limit=0', undefined, 200, rowsOf(5)],
  ['GET /api/moods/all?limit=2', undefined, 200, rowsOf(2)],
  ['GET /api/moods/all?limit=-5', undefined, 200, rowsOf(1)],
  ['GET /api/moods/all?limit=abc', undefined, 200, rowsOf(5)],
  ['GET /api/moods/all?limit=99999999999', undefined, 200, rowsOf(5)],
  ['GET /api/journal/entries/all?limit=1&limit=2', undefined, 200, rowsOf(1)],
  ['GET /api/journal', undefined, 404, /Cannot GET \//],
  ['GET /api/journal/', undefined, 404, /Cannot GET \//],
  ['GET /api/journalentries/all?limit=1', undefined, 200, rowsOf(1)],
  ['GET /API/Journal/entries/all?limit=1', undefined, 200, rowsOf(1)],
  ['GET /api/entries/all', undefined, 404, /Cannot GET \/all/],
  ['GET /api/entries/entries/all?limit=1', undefined, 200, rowsOf(1)],
  ['GET /api/server', undefined, 200, /^Hi$/],
  ['GET /api/server/', undefined, 200, /^Hi$/],
  ['GET /api/server/entries/all', undefined, 200, rowsOf(7)],
  ['GET /api/server/nope', undefined, 404, /Cannot GET \/nope/],
  ['GET /api/unknown', undefined, 200, index],
  ['GET /api', undefined, 200, index],
  ['GET /nope', undefined, 200, index],
  ['GET /about', undefined, 200, index],
  ['GET /gateway/entries/all', undefined, 200, index],
  ['GET /50x.html', undefined, 404, /404 Not Found/],
  ['GET /api/files/list', undefined, 503, /503 Service Temporarily Unavailable/],
  ['POST /api/files/upload', {}, 503, /503 Service Temporarily Unavailable/],
  ['POST /api/ai/insights', { entry: 'x' }, 503, refusal('OPENAI_API_KEY is not configured on the API gateway')],
  ['GET /api/ai/healthz', undefined, 503, refusal('OPENAI_API_KEY missing')],
  ['GET /api/ai', undefined, 404, /Cannot GET \/ai/],
  ['GET /api/journal/healthz', undefined, 200, { ok: true, services: { entries: expect.any(String), openai: false } }],
  ['GET /api/moods/healthz', undefined, 200, { ok: true }],
  ['GET /healthz', undefined, 200, index],
  ['POST /', { a: 1 }, 405, /405 Not Allowed/],
  ['POST /api/server/entries', { text: 'via server-main' }, 200, { ok: true }],
  ['POST /api/server/entries', { text: '' }, 400, refusal('Text is required')],
  ['POST /api/server/entries', { text: long(201) }, 400, refusal('Max 200 characters')],
  ['POST /api/server/values', { value: '42' }, 200, { working: true }],
  ['POST /api/server/values', { value: '12abc' }, 400, badValue],
  ['POST /api/server/values', { value: 'abc' }, 400, badValue],
  ['POST /api/server/values', {}, 400, badValue],
  ['POST /api/server/values', undefined, 400, badValue],
  ['POST /api/server/values', { value: 0 }, 400, badValue],
  ['POST /api/server/values', { value: '0' }, 200, { working: true }],
  ['POST /api/server/values', { value: '' }, 400, badValue],
  ['POST /api/server/values', { value: 2_147_483_647 }, 200, { working: true }],
  ['POST /api/server/values', { value: 2_147_483_648 }, 400, badValue],
  ['POST /api/server/values', { value: '1.5' }, 400, badValue],
  ['POST /api/server/values', { value: 1.5 }, 400, badValue],
  ['POST /api/server/values', { value: true }, 400, badValue],
  ['POST /api/server/values', { value: [1, 2] }, 400, badValue],
  ['POST /api/server/values', { value: ' 9 ' }, 200, { working: true }],
  ['POST /api/server/values', { value: '007' }, 200, { working: true }],
  ['POST /api/server/values', '{bad', 400, { working: false, error: 'the body is not a JSON object' }],
  ['POST /api/server/values', '5', 400, { working: false, error: 'the body is not a JSON object' }],
  ['GET /api/server/values/all', undefined, 200, { rowCount: 5, rows: [42, 0, 2_147_483_647, 9, 7].map((number) => ({ number })) }],
]; // prettier-ignore

describe('the behaviour table, in this order on one journal', () => {
  let journal: Journal;
  beforeAll(async () => {
    journal = await start(await lab.database());
  });
  afterAll(() => journal.close());

  const numbered = behaviour.map(([asked, body, status, answer], n) => ({ n: n + 1, asked, body, status, answer }));
  it.each(numbered)('$n. $asked answers $status', async ({ asked, body, status, answer }) => {
    const [method, path, type = 'application/json'] = asked.split(' ') as [string, string, string?];
    const response = await fetch(journal.url + path, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': type },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    });
    const text = await response.text();
    expect([response.status, text.includes('node_modules')]).toEqual([status, false]);
    if (answer instanceof RegExp) {
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(text).toMatch(answer);
    } else {
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(JSON.parse(text)).toEqual('rowCount' in answer ? expect.objectContaining(answer) : answer);
    }
  });

  it('answers a broken URL with 400', async () => {
    const status = await new Promise((done, fail) => {
      request({ port: journal.port, path: '/api/moods/%zz' }, (response) => {
        response.resume().once('end', () => done(response.statusCode));
      })
        .once('error', fail)
        .end();
    });
    expect(status).toBe(400);
  });
});

describe('a body over the limit', () => {
  it('is read to its end: the sender gets its 413 every time, and keeps its connection', async () => {
    const journal = await start(await lab.database());
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set<unknown>();
    const body = JSON.stringify({ text: long(4_000_000) });
    const options = { agent, port: journal.port, path: '/api/journal/entries', method: 'POST', headers: json };
    const send = () =>
      new Promise<number | undefined>((done, fail) => {
        request(options, (response) => response.resume().once('end', () => done(response.statusCode)))
          .once('socket', (socket) => sockets.add(socket))
          .once('error', fail)
          .end(body);
      });
    for (let n = 0; n < 20; n++) expect(await send()).toBe(413);
    expect(sockets.size).toBe(1);
    agent.destroy();
    await journal.close();
  });
});

describe('what the database holds', () => {
  it('gives each value a key that no payload shows', async () => {
    const url = await lab.database();
    const journal = await start(url);
    for (const value of ['7', '7']) await fetch(`${journal.url}/api/server/values`, { method: 'POST', headers: json, body: JSON.stringify({ value }) }); // prettier-ignore
    expect(await sql(url, 'select id, number from values order by id')).toEqual([
      { id: 1, number: 7 },
      { id: 2, number: 7 },
    ]);
    expect(await (await fetch(`${journal.url}/api/server/values/all`)).text()).not.toContain('"id"');
    await journal.close();
  });

  it('counts entries by UTC day whatever zone the database lives in, and moods of the last 7 x 24 hours', async () => {
    const url = await lab.database();
    const journal = await start(url);
    await sql(url, `alter database ${new URL(url).pathname.slice(1)} set timezone = 'Pacific/Auckland'`);
    await sql(
      url,
      `insert into entries (text, created_at)
       select 'n', (date_trunc('day', now() at time zone 'utc') - d * interval '1 day' + h * interval '1 hour') at time zone 'utc'
       from (values (1, 0), (1, 23), (6, 0), (7, 23), (100, 0)) as t (d, h);
       insert into moods (mood, note, created_at) values ('calm', '', now() - interval '6 days 23 hours'), ('tired', '', now() - interval '7 days 1 hour')`,
    );
    const reopened = await start(url);
    const { data } = (await (await fetch(`${reopened.url}/api/stats/overview`)).json()) as {
      data: Record<string, unknown>;
    };
    expect((data.last7_days as { count: number }[]).map(({ count }) => count)).toEqual([1, 0, 0, 0, 0, 2, 0]);
    expect(data).toMatchObject({
      total_entries: 5,
      entries_today: 0,
      streak_days: 0,
      mood_trend: [{ mood: 'calm', count: 1 }],
    });
    await Promise.all([journal.close(), reopened.close()]);
  });

  it('is made by two instances that start at once, and goes down and up again', async () => {
    const url = await lab.database();
    const journals = await Promise.all([start(url), start(url), start(url)]);
    await Promise.all(journals.map((one) => one.close()));
    const tables = `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`;
    const names = async () => (await sql<{ name: string }>(url, tables)).map(({ name }) => name);
    expect(await names()).toEqual(['entries', 'journal_schema', 'moods', 'values']);
    expect(await sql(url, 'select version from journal_schema order by 1')).toEqual([{ version: 1 }, { version: 2 }]);
    expect(await migrate(url, 0)).toBe(0);
    expect(await names()).toEqual(['journal_schema']);
    expect(await migrate(url)).toBe(2);
    expect(await names()).toEqual(['entries', 'journal_schema', 'moods', 'values']);
  });

  it('a step that fails leaves nothing behind', async () => {
    const url = await lab.database();
    await sql(url, 'create table moods (mine text)');
    await expect(start(url)).rejects.toThrow(/cannot prepare its database: relation "moods" already exists/);
    expect(await sql(url, 'select * from journal_schema')).toEqual([]);
    expect(await sql(url, `select 1 from information_schema.tables where table_name = 'entries'`)).toEqual([]);
  });
});

describe('trouble', () => {
  it('a port in use ends the start and leaves no connection behind', async () => {
    const url = await lab.database();
    const first = await start(url);
    await expect(bootstrap({ databaseUrl: url, port: first.port, logLevel: 'silent' })).rejects.toThrow(/EADDRINUSE/);
    await first.close();
    const left = `select 1 from pg_stat_activity where application_name = 'journal' and datname = current_database()`;
    while ((await sql(url, left)).length > 0); // Postgres notices a closed socket a moment later
  });

  it('a database that does not answer ends the start with a sentence', async () => {
    await expect(start('postgres://nobody:x@127.0.0.1:1/none')).rejects.toThrow(
      /cannot prepare its database: .*ECONNREFUSED.* Check DATABASE_URL and that Postgres runs/,
    );
  });

  it('while Postgres is away every request gets a clean 503, and afterwards all is well without a restart', async () => {
    const url = await lab.database();
    const journal = await start(url);
    const write = (text: string) =>
      fetch(`${journal.url}/api/journal/entries`, { method: 'POST', headers: json, body: JSON.stringify({ text }) });
    expect((await write('before')).status).toBe(200);
    await lab.postgres.kill('SIGINT');
    const refused = await write('meanwhile');
    expect(refused.status).toBe(503);
    expect(await refused.json()).toEqual({
      ok: false,
      error: expect.stringMatching(/^The journal's database does not answer\. /),
    });
    const value = await fetch(`${journal.url}/api/server/values`, {
      method: 'POST',
      headers: json,
      body: '{"value":"1"}',
    });
    expect([value.status, await value.json()]).toEqual([
      503,
      { working: false, error: expect.stringMatching(/Nothing was saved/) },
    ]);
    expect(await (await fetch(`${journal.url}/api/moods/all`)).json()).toEqual({
      ok: false,
      error: "The journal's database does not answer.",
    });
    expect((await fetch(`${journal.url}/`)).status).toBe(200);
    await lab.postgres.restart();
    expect((await write('after')).status).toBe(200);
    await journal.close();
  });

  it('an acknowledged write survives Postgres being killed under load, and the pool refills', async () => {
    const url = await lab.database();
    const journal = await start(url);
    const acknowledged: string[] = [];
    const statuses = new Set<number>();
    let running = true;
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let n = 0; running; n++) {
        const text = `${writer}-${n}`;
        const response = await fetch(`${journal.url}/api/journal/entries`, {
          method: 'POST',
          headers: json,
          body: JSON.stringify({ text }),
        });
        await response.arrayBuffer();
        statuses.add(response.status);
        if (response.status === 200) acknowledged.push(text);
      }
    });
    const more = async (count: number) => {
      const until = acknowledged.length + count;
      while (acknowledged.length < until) await new Promise((soon) => setImmediate(soon));
    };
    await more(100);
    await lab.postgres.restart('SIGKILL');
    await more(500);
    running = false;
    await Promise.all(writers);
    const stored = new Set((await sql<{ text: string }>(url, 'select text from entries')).map(({ text }) => text));
    expect(acknowledged.filter((text) => !stored.has(text))).toEqual([]);
    expect([...statuses].sort()).toEqual([200, 503]);
    await journal.close();
  });
});
