import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { RoundLab, type RoundApp } from './round-lab.js';
import { alternate, gate, median, report, spread } from './side-by-side.js';
import { AppReader } from '#apps/comparator/src/clients/app-reader.js';
import { openClients } from '#apps/comparator/src/clients/open-clients.js';
import { kindAskedAsBrowser } from '#apps/comparator/src/domain/as-browser.js';
import { endpoints } from '#apps/comparator/src/domain/endpoints.js';
import { emptyLedger } from '#apps/comparator/src/domain/obligation.js';
import { takeLook } from '#apps/comparator/src/judging/take-look.js';
import { ComparisonWorker } from '#apps/comparator/src/workers/comparison.worker.js';
import { WORK_SETTINGS, type WorkSettings } from '#libs/messaging/src/worker.js';
import { Closing } from '#libs/platform/src/closing.js';

/**
 * A round: all apps are to be compared, until the last verdict is on the bus. The comparator's own process does all that it does:
 * claims, plans, both sides' reads, judges, evidence, records, relay. In turns with its reads alone (the same reader and clients, as
 * many looks at once, nothing judged or written) and with eight requests per app one after the other, on a sample, scaled to all.
 * BENCH_APPS makes it smaller.
 */
const pairs = 3;
const apps = Number(process.env['BENCH_APPS'] ?? 1_000);
const slowApps = Math.ceil(apps / 5);
const sampleMax = 12;
const fast = { latencyMs: 20, timesFaster: 50 };
const slow = { latencyMs: 200, seconds: 5 };
const { concurrency } = Reflect.getMetadata(WORK_SETTINGS, ComparisonWorker) as WorkSettings;

async function main(): Promise<void> {
  const lab = await RoundLab.start(apps);
  const closing = new Closing();
  const reader = new AppReader(openClients(lab.allow, closing));
  try {
    await lab.set({ latencyMs: fast.latencyMs });
    const quick = await measure(lab, reader, lab.apps);
    await lab.set({ latencyMs: slow.latencyMs });
    const patient = await measure(lab, reader, lab.apps.slice(0, slowApps));
    const fastName = `rounds: ${apps} apps at ${fast.latencyMs} ms, of eight requests per app one after the other`;
    const slowName = `rounds: ${slow.seconds} s over a round of ${slowApps} apps at ${slow.latencyMs} ms per endpoint`;
    report([
      gate(fastName, quick.serialMs / quick.wholeMs, fast.timesFaster, quick.measured),
      gate(slowName, (slow.seconds * 1_000) / patient.wholeMs, 1, patient.measured),
    ]);
  } finally {
    await closing.run();
    await lab.stop();
  }
}

async function measure(lab: RoundLab, reader: AppReader, all: readonly RoundApp[]) {
  const sample = all.slice(0, sampleMax);
  const whole = async () => (await lab.round(all)).ms;
  const other = async () => ({
    reads: await timeMs(() => readOnly(lab, reader, all)),
    serial: ((await timeMs(() => oneAfterTheOther(lab, sample))) / sample.length) * all.length,
  });
  const { ones, others } = await alternate(pairs, whole, other);
  const [reads, serial] = [others.map((one) => one.reads), others.map((one) => one.serial)];
  const [wholeMs, serialMs] = [median(ones), median(serial)];
  const readsShare = `${seconds(reads)} of reads alone (${(serialMs / median(reads)).toFixed(0)}×)`;
  const measured = `${seconds(ones)}, against ${seconds(serial)}, scaled from ${sample.length} apps; ${readsShare}; ${concurrency} looks at once`; // prettier-ignore
  return { wholeMs, serialMs, measured };
}

/** The reading half of every look. */
async function readOnly({ baselineUrl }: RoundLab, reader: AppReader, all: readonly RoundApp[]): Promise<void> {
  const signal = new AbortController().signal;
  const waiting = [...all];
  const lane = async () => {
    for (let app = waiting.shift(); app; app = waiting.shift()) await readBoth(app, baselineUrl, reader.visit(signal));
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}

async function readBoth({ appId, url }: RoundApp, baselineUrl: string, visit: ReturnType<AppReader['visit']>) {
  const { jobs } = await takeLook(planOf(appId, url, baselineUrl), {
    endpoints,
    now: () => new Date().toISOString(),
    seed: () => [1, 2],
    read: (side, endpoint) => visit.read({ side, address: side === 'app' ? url : baselineUrl, endpoint }),
    readShadow: () => Promise.reject(new Error('there is no second baseline')),
    readAsBrowser: (endpoint) => visit.read({ side: 'app', address: url, endpoint, asBrowser: true }),
    judge: () => Promise.resolve([]),
  });
  visit.end();
  const unread = jobs.flatMap(({ parts }) => parts.flatMap(({ baseline, app }) => [baseline, app])).find(({ ok }) => !ok); // prettier-ignore
  if (unread) throw new Error(`${unread.fetched.url}: ${unread.fetched.problem}`);
}

const planOf = (appId: string, appUrl: string, baselineUrl: string) => ({
  ...{ appId, appUrl, baselineUrl, slack: 0, fillsClosed: 1, closedFill: 1, rules: [], shadow: null },
  ledgers: { entry: emptyLedger, mood: emptyLedger, value: emptyLedger },
  kindAskedAsBrowser: kindAskedAsBrowser(randomUUID()),
});

/** Two sides, four endpoints, each answer awaited before the next is asked for; connections are kept. */
async function oneAfterTheOther({ baselineUrl }: RoundLab, sample: readonly RoundApp[]): Promise<void> {
  for (const { url } of sample)
    for (const { request } of endpoints)
      for (const address of [baselineUrl, url]) {
        const response = await fetch(`${address}${request}`);
        if (!response.ok || (await response.arrayBuffer()).byteLength === 0) throw new Error(`${address}${request} was not read`); // prettier-ignore
      }
}

const seconds = (values: readonly number[]): string =>
  `${spread(
    values.map((ms) => ms / 1_000),
    2,
  )} s`;

async function timeMs(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

await main();
