import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gate, median, report, spread, type Gate } from './side-by-side.js';
import { compareBodies } from '#libs/parity/src/compare.js';
import { markerOfNumber } from '#libs/parity/src/marker.js';
import { makePlan } from '#libs/parity/src/plan.js';
import type { ParityReport } from '#libs/parity/src/report.js';
import type { Shape } from '#libs/parity/src/shape.js';

/**
 * The comparison of two bodies against bare JSON.parse of both, with `id` and `created_at` different in every row and the rules on.
 * Side by side: one after the other in turns, the median of each, equal findings in every turn. Memory in a process of its own.
 */
const ROWS = 20_000;
const ROWS_MEMORY = 200_000;
const MEMORY_MIB_MAX = 64;
const TURNS = 15;
const WARM_UP_TURNS = 8;
const GATE = 0.6;
const MIB = 1024 * 1024;
/** Planted in every app body: so many rows edited, lost and added. */
const EDITED = 7;
const LOST = 5;
const ADDED = 3;

type Row = Record<string, string | number>;
interface Kind {
  readonly name: string;
  readonly field: string;
  readonly row: (marker: number, random: () => number) => Row;
}

const words = 'a short walk outside helped clear my head today then we sat by the river with tea while rain fell'.split(
  ' ',
);
const moods = ['happy', 'calm', 'focused', 'tired', 'sad', 'anxious', 'excited'];
const entries: Kind = {
  name: 'entries',
  field: 'text',
  row: (marker, random) => ({ text: `${sentence(random, 105)} ${markerOfNumber(marker)}` }),
};
const notes: Kind = {
  name: 'moods',
  field: 'note',
  row: (marker, random) => ({
    mood: moods[Math.floor(random() * moods.length)] ?? 'calm',
    note: `${sentence(random, 90)} ${markerOfNumber(marker)}`,
  }),
};

/** A difference that is not found exactly is an Error. */
const gates = (): Gate[] => [
  speed(entries, false),
  speed(entries, true),
  speed(notes, false),
  speed(notes, true),
  memory(),
];

function shapeOf(kind: Kind): Shape {
  const ignored = ['id', 'created_at'].map((name) => ({
    name,
    path: `/${name}`,
    mode: 'ignore' as const,
    reason: 'each app has its own',
  }));
  return {
    rows: '/rows',
    order: 'set',
    identity: { kind: 'marker', path: `/${kind.field}` },
    key: [],
    rules: ignored,
    outside: [],
  };
}

function speed(kind: Kind, isShuffled: boolean): Gate {
  const [baseline, app] = bodies(kind, ROWS, isShuffled);
  const plan = makePlan(shapeOf(kind), { seed: [0x2545f491, 0x4f6cdd1d] });
  const engine = (): void => assertFound(compareBodies(plan, baseline, app).report, ROWS);
  const parse = (): void => {
    const parsed = [baseline, app].map((body) => JSON.parse(new TextDecoder().decode(body)) as { rows: Row[] });
    if (parsed.some(({ rows }) => rows.length < ROWS - LOST)) throw new Error('JSON.parse lost rows');
  };
  for (let i = 0; i < WARM_UP_TURNS; i++) [engine, parse].forEach(timeMs);
  const engineMs: number[] = [];
  const parseMs: number[] = [];
  for (let i = 0; i < TURNS; i++) {
    if (i % 2 === 0) engineMs.push(timeMs(engine));
    parseMs.push(timeMs(parse));
    if (i % 2 === 1) engineMs.push(timeMs(engine));
  }
  return gate(
    `parity: ${kind.name}, ${ROWS} rows${isShuffled ? ', shuffled' : ''}, of JSON.parse of both`,
    median(parseMs) / median(engineMs),
    GATE,
    `${spread(engineMs, 1)} ms against ${spread(parseMs, 1)} ms, ${baseline.length + app.length} bytes`,
  );
}

function memory(): Gate {
  const folder = mkdtempSync(join(tmpdir(), 'parity-bench-'));
  try {
    bodies(entries, ROWS_MEMORY, true).forEach((body, i) => writeFileSync(join(folder, String(i)), body));
    const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), folder], { encoding: 'utf8' });
    if (child.status !== 0) throw new Error(`the memory check failed: ${child.stderr}`);
    const usedMib = Number(child.stdout);
    return gate(
      `parity: ${MEMORY_MIB_MAX} MiB over peak memory above the bodies, ${ROWS_MEMORY} rows`,
      MEMORY_MIB_MAX / usedMib,
      1,
      `${usedMib.toFixed(1)} MiB resident at the peak, beyond the process that holds both bodies`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** In the child: compares the two bodies of a folder and says by how many MiB the process grew at its peak. */
function peakMib(folder: string): number {
  const [baseline, app] = ['0', '1'].map((name) => readFileSync(join(folder, name)));
  if (!baseline || !app) throw new Error('two bodies are needed');
  const plan = makePlan(shapeOf(entries), { seed: [1, 2], limits: { bodyBytesMax: 64 * MIB } });
  const beforeBytes = process.memoryUsage.rss();
  assertFound(compareBodies(plan, baseline, app).report, ROWS_MEMORY);
  return (peakBytes() - beforeBytes) / MIB;
}

/** Linux hands maxRSS of a parent on to its child; the high-water mark of the process itself stands in its status. */
function peakBytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const [, kib] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  if (kib === undefined) throw new Error('/proc/self/status tells no VmHWM');
  return Number(kib) * 1024;
}

function bodies(kind: Kind, count: number, isShuffled: boolean): [Buffer, Buffer] {
  const random = randomFrom(count);
  const baseline = Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    ...kind.row(i, random),
    created_at: isoTime(i, 0),
  }));
  const app: Row[] = baseline.slice(LOST).map((row, i) => ({ ...row, id: i + 700_001, created_at: isoTime(i, 37) }));
  for (let i = 0; i < EDITED; i++) {
    const row = app[Math.floor((i * app.length) / EDITED)];
    if (row) row[kind.field] = `edited ${String(row[kind.field])}`;
  }
  for (let i = 0; i < ADDED; i++)
    app.splice(i * 1000, 0, { id: i, ...kind.row(count + i, random), created_at: isoTime(i, 5) });
  if (isShuffled) shuffle(app, random);
  return [Buffer.from(JSON.stringify({ rows: baseline })), Buffer.from(JSON.stringify({ rows: app }))];
}

function assertFound({ counts, ruleHits }: ParityReport, count: number): void {
  const found = [
    counts.matched,
    counts.changed,
    counts.onlyBaseline,
    counts.onlyApp,
    ...ruleHits.map((line) => line.hits),
  ];
  const expected = [count - LOST - EDITED, EDITED, LOST, ADDED, count - LOST, count - LOST];
  if (found.join() !== expected.join()) throw new Error(`found ${found.join()}, planted ${expected.join()}`);
}

/** About `length` characters; one text in seven has letters beyond ASCII, quotes and a line break. */
function sentence(random: () => number, length: number): string {
  let text = random() < 1 / 7 ? '✨ — ünï "quoted"\n' : '';
  while (text.length < length) text += `${words[Math.floor(random() * words.length)] ?? ''} `;
  return text;
}

function isoTime(i: number, offsetMs: number): string {
  return new Date(1_790_000_000_000 + i * 1009 + offsetMs).toISOString();
}

function shuffle(rows: Row[], random: () => number): void {
  for (let i = rows.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [rows[i], rows[j]] = [rows[j] as Row, rows[i] as Row];
  }
}

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

function timeMs(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

const [, , folder] = process.argv;
if (folder === undefined) report(gates());
else console.log(peakMib(folder));
