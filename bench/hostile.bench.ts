import { misbehaviours } from './misbehaving.js';
import { MemoryWatch } from './process-memory.js';
import { RoundLab } from './round-lab.js';
import { gate, median, report, spread } from './side-by-side.js';

/**
 * Rounds in which three in a hundred apps misbehave, in ten ways, against rounds in which all are good, in turns. Time: until the last
 * verdict on a good one; the hostile ones are looked at again afterwards, as all are in whom something is wrong. Memory: resident, of
 * the comparator's process and its judges together, at the peak of all rounds until their last look, over the peak of the clean
 * rounds before them. BENCH_APPS makes it smaller.
 */
const turns = 3;
const cleanFirst = 3;
const apps = Number(process.env['BENCH_APPS'] ?? 1_000);
const hostileCount = Math.max(Object.keys(misbehaviours).length, Math.round(apps * 0.03));
const latencyMs = 20;
const slowerMax = 1.25;
const growthMibMax = 150;

async function main(): Promise<void> {
  const lab = await RoundLab.start(apps);
  const memory = new MemoryWatch(lab.pid);
  try {
    await lab.set({ latencyMs });
    for (let i = 0; i < cleanFirst; i += 1) await round(lab, false);
    const cleanMib = memory.takePeakMib();
    const [clean, hostile]: [number[], number[]] = [[], []];
    for (let i = 0; i < turns; i += 1) {
      if (i % 2 === 0) hostile.push(await round(lab, true));
      clean.push(await round(lab, false));
      if (i % 2 === 1) hostile.push(await round(lab, true));
    }
    const peakMib = memory.takePeakMib();
    const [slower, growthMib] = [median(hostile) / median(clean), peakMib - cleanMib];
    const name = `${hostileCount} hostile apps among ${apps}`;
    report([
      gate(`hostile: ${slowerMax} of a clean round over one with ${name}`, slowerMax / slower, 1, `${spread(hostile)} ms against ${spread(clean)} ms`), // prettier-ignore
      gate(`hostile: ${growthMibMax} MiB over the growth of memory by ${name}`, growthMibMax / Math.max(growthMib, 1), 1, `${growthMib.toFixed(0)} MiB, from ${cleanMib.toFixed(0)} to ${peakMib.toFixed(0)} MiB`), // prettier-ignore
    ]);
  } finally {
    memory.stop();
    await lab.stop();
  }
}

/** Until the last verdict on those that are good in both kinds of round; none of the hostile ones may be called in sync. */
async function round(lab: RoundLab, isHostile: boolean): Promise<number> {
  const good = apps - hostileCount;
  await lab.set({ hostileFrom: isHostile ? good : null });
  const { ms } = await lab.round(lab.apps, lab.apps.slice(0, good));
  const verdicts = await lab.idle();
  const others = lab.apps.slice(good).map(({ appId }) => verdicts.get(appId));
  const wrong = others.filter((verdict) => (verdict === 'in-sync') === isHostile);
  if (wrong.length > 0) throw new Error(`${wrong.length} of ${hostileCount} apps got the wrong verdict: ${wrong.join(', ')}`); // prettier-ignore
  return ms;
}

await main();
