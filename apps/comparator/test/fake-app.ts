import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WritePayload } from '#libs/contracts/src/filler.js';

interface Row {
  readonly id: number;
  readonly created_at: unknown;
  readonly [name: string]: unknown;
}

/** An app on loopback that shows what it was given, until a test makes it show something else. */
export class FakeApp {
  readonly lists = { entry: [] as Row[], mood: [] as Row[], value: [] as { number: number }[] };
  /** By a part of the path: what is answered instead. */
  readonly instead = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>();
  private next = 1;

  private constructor(
    private readonly server: Server,
    readonly address: string,
    readonly allow: string,
  ) {}

  static async start(): Promise<FakeApp> {
    const server = createServer((request, response) => app.answer(request, response));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const allow = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const app: FakeApp = new FakeApp(server, `http://${allow}`, allow);
    return app;
  }

  take(payload: WritePayload, at = new Date().toISOString()): void {
    if (payload.kind === 'value') return void this.lists.value.push({ number: payload.value });
    const { kind, ...fields } = payload;
    this.lists[kind].push({ id: this.next++, ...fields, created_at: at });
  }

  /** Answers with this body, whatever it is. */
  answerWith(path: string, body: unknown): void {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    this.instead.set(path, (_request, response) => void response.end(text));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url!.split('?')[0]!;
    const other = [...this.instead].find(([part]) => path.includes(part));
    if (other) return other[1](request, response);
    const { entry, mood, value } = this.lists;
    if (path.includes('moods')) response.end(JSON.stringify({ rows: mood.toReversed().slice(0, 100) }));
    else if (path.includes('entries')) response.end(JSON.stringify({ rows: entry.toReversed().slice(0, 200) }));
    else if (path.includes('values')) response.end(JSON.stringify({ command: 'SELECT', rows: value }));
    else response.end(JSON.stringify({ data: this.stats() }));
  }

  private stats() {
    const now = Date.now();
    const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
    const { entry, mood } = this.lists;
    const moods = new Map<string, number>();
    for (const row of mood) moods.set(String(row['mood']), (moods.get(String(row['mood'])) ?? 0) + 1);
    const on = (date: string) => entry.filter((row) => String(row.created_at).startsWith(date)).length;
    const dates = Array.from({ length: 7 }, (_, i) => day(now - (6 - i) * 86_400_000));
    return {
      last7_days: dates.map((date) => ({ date, count: on(date) })),
      mood_trend: [...moods].map(([name, count]) => ({ mood: name, count })),
      total_entries: entry.length,
      entries_today: on(day(now)),
      streak_days: 1,
    };
  }
}
