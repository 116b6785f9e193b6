import { startLab, type JournalLab } from '#apps/journal/test/journal-lab.js';
import { bootstrap as startJournal, type Journal } from '#apps/journal/src/bootstrap.js';
import { bootstrap, type FaultyStudent } from '../src/bootstrap.js';
import type { Fault } from '../src/faults/catalogue.js';

/** A faithful journal, a faulty student before it, and ways to ask either. */
export interface Pair {
  journal: Journal;
  student: FaultyStudent;
  databaseUrl: string;
}

/** Starts pairs, each on an empty database, and closes them after the test that asked for them. */
export class Pairs {
  #lab?: JournalLab;
  readonly #open: (() => Promise<void>)[] = [];

  async start(): Promise<void> {
    this.#lab = await startLab();
  }

  async journal(): Promise<{ journal: Journal; databaseUrl: string }> {
    const databaseUrl = await this.#lab!.database();
    const journal = await startJournal({ databaseUrl, port: 0, logLevel: 'silent' });
    this.#open.push(() => journal.close());
    return { journal, databaseUrl };
  }

  async of(...faults: Fault[]): Promise<Pair> {
    const { journal, databaseUrl } = await this.journal();
    const student = await bootstrap({ target: journal.url, port: 0, faults });
    this.#open.push(() => student.close());
    return { journal, student, databaseUrl };
  }

  async closeAll(): Promise<void> {
    for (const close of this.#open.splice(0).reverse()) await close();
  }

  async stop(): Promise<void> {
    await this.#lab?.stop();
  }
}

export const paths = {
  entries: '/api/journal/entries/all?limit=200',
  moods: '/api/moods/all?limit=100',
  values: '/api/server/values/all',
  stats: '/api/stats/overview',
};
export type Read = keyof typeof paths;

interface AnyRow {
  id: number;
  text: string;
  mood: string;
  note: string;
  number: number;
  created_at: string;
}
export interface Listing {
  rows: AnyRow[];
}
export interface Stats {
  data: {
    last7_days: { date: string; count: number }[];
    total_entries: number;
    entries_today: number;
    streak_days: number;
  };
}
export interface Said {
  status: number;
  headers: string[];
  body: Record<string, never> & { entry?: AnyRow; mood?: AnyRow };
}

export async function post(app: { url: string }, path: string, body: object | string): Promise<Said> {
  const response = await fetch(app.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: [...response.headers.keys()].filter((name) => name !== 'date').sort(),
    body: text.startsWith('{') ? (JSON.parse(text) as Said['body']) : {},
  };
}
export const addEntry = (app: { url: string }, text: string) => post(app, '/api/journal/entries', { text });
export const addMood = (app: { url: string }, note: string) => post(app, '/api/moods', { mood: 'calm', note });
export const addValue = (app: { url: string }, value: string) => post(app, '/api/server/values', { value });

export async function read<T = Listing>(app: { url: string }, kind: Read): Promise<T> {
  return (await fetch(app.url + paths[kind])).json() as Promise<T>;
}
export const texts = async (app: { url: string }) =>
  (await read(app, 'entries')).rows.map(({ text }) => text).reverse();
export const notes = async (app: { url: string }) => (await read(app, 'moods')).rows.map(({ note }) => note).reverse();
export const numbers = async (app: { url: string }) => (await read(app, 'values')).rows.map(({ number }) => number);
