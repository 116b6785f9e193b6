import { sightings } from '../src/persistence/migrations/0103-sightings.js';
import { ComparatorLab } from './comparator-lab.js';
import { writesOf } from './lab-world.js';
import type { FillWrite, WriteOutcome } from '#libs/contracts/src/filler.js';
import { until } from '#libs/testing/src/settle.js';

// Goal: what was seen of each write that an app acknowledged, and nothing that was not true at every look; what an app answers for,
// whether it comes late, comes back, or refused for a while.
// Method: the comparator alone between fake apps that show what a test says. Time does not matter: looks are made due at once.
const ended = (writes: readonly FillWrite[], outcome: WriteOutcome): FillWrite[] =>
  writes.map((write) => ({ ...write, outcome, answeredAt: null }));
const moodsOf = (count: number) => writesOf(count * 3).filter(({ payload }) => payload.kind === 'mood');

let lab: ComparatorLab;
let fill = 0;
/** What the baseline has been given: what somebody finds there who starts from a copy. */
const given: FillWrite[] = [];
beforeAll(async () => {
  const late = ['since-join', 'full'].flatMap((history) => [`Late ${history}`, `Midway ${history}`]);
  lab = await ComparatorLab.start(['Steady', 'Lossy', 'Twice', 'Refusing', ...late]);
});
afterAll(() => lab?.stop());

describe.each(['since-join', 'full'] as const)('what an app answers for, with HISTORY=%s,', (history) => {
  const [late, midway] = [`Late ${history}`, `Midway ${history}`];
  const isFull = history === 'full';
  const none: readonly FillWrite[] = [];
  const copy = (name: string, writes: readonly FillWrite[]) =>
    writes.forEach(({ payload }) => lab.app(name).take(payload));
  /** The verdict while it does not show what it never acknowledged, and when it does. */
  const verdicts = async (name: string, writes: readonly FillWrite[]) => {
    const [without] = await lab.compare([name]);
    copy(name, writes);
    const [having] = await lab.compare([name]);
    expect(without!.lostAfterAck).toBe(0);
    return [without!.verdict, having!.verdict];
  };
  const expected = isFull ? ['out-of-sync', 'in-sync'] : ['in-sync', 'in-sync'];

  beforeAll(() => lab.setHistory(history));

  it('is for one that comes late what it says', async () => {
    const [before, since] = [writesOf(6), writesOf(6)];
    await lab.fill(++fill, before, []);
    await lab.join(late);
    await lab.fill(++fill, since, [{ name: late, writes: since }]);
    copy(late, given);
    expect(await verdicts(late, before)).toEqual(expected);
    given.push(...before, ...since);
  });

  it('is nothing of a fill that was open when it joined', async () => {
    const open = writesOf(3);
    await lab.request(++fill, []);
    await lab.join(midway);
    await lab.end(fill, open, []);
    copy(midway, given);
    const [comparison] = await lab.compare([midway]);
    expect(comparison!.verdict).toBe(isFull ? 'in-sync' : 'pending');
    copy(late, open);
    given.push(...open);
  });

  it('is what it refused for a while only where the whole history counts, and never what ended unknown', async () => {
    const [refused, unknown] = [writesOf(3), writesOf(3)];
    await lab.fill(++fill, refused, [{ name: late, writes: ended(refused, 'refused'), keeps: none }]);
    await lab.fill(++fill, unknown, [{ name: late, writes: ended(unknown, 'unknown'), keeps: none }]);
    expect(await verdicts(late, refused)).toEqual(expected);
    given.push(...refused, ...unknown);
  });

  it('begins anew for one that was withdrawn and comes back', async () => {
    await lab.withdraw(late);
    const [away, since] = [writesOf(3), writesOf(3)];
    await lab.fill(++fill, away, []);
    await lab.join(late);
    await lab.fill(++fill, since, [{ name: late, writes: since }]);
    expect(await verdicts(late, away)).toEqual(expected);
    const { visible, excused, waiting, lost } = (await lab.sightings(late)).totals;
    given.push(...away, ...since);
    expect({ visible, excused, waiting, lost }).toEqual({ visible: 3, excused: 6, waiting: 0, lost: 0 });
  });
});

describe('sightings', () => {
  const first = writesOf(12);

  beforeAll(async () => {
    lab.setHistory('since-join');
    for (const name of ['Steady', 'Lossy', 'Twice', 'Refusing']) await lab.join(name);
  });

  const places = async (name: string) => {
    const { acknowledged, visible, lost, behind, waiting, excused, doubled } = (await lab.sightings(name)).totals;
    expect(visible + lost + behind + waiting + excused).toBe(acknowledged);
    return { visible, lost, behind, waiting, excused, doubled };
  };
  const nothing = { visible: 0, lost: 0, behind: 0, waiting: 0, excused: 0, doubled: 0 };
  const one = async (name: string, { marker }: FillWrite) =>
    (await lab.sightings(name, { markers: [marker] })).sightings[0]!;

  it('tell what is visible, never seen, and there twice', async () => {
    await lab.fill(++fill, first, [
      { name: 'Steady', writes: first },
      { name: 'Lossy', writes: first, keeps: first.slice(1) },
      { name: 'Twice', writes: first, keeps: [...first, first[0]!] },
      { name: 'Refusing', writes: ended(first, 'refused'), keeps: [] },
    ]);
    await lab.compare(['Steady', 'Lossy', 'Twice', 'Refusing']);
    expect(await places('Steady')).toEqual({ ...nothing, visible: 12 });
    expect(await places('Lossy')).toEqual({ ...nothing, visible: 11, lost: 1 });
    expect(await places('Twice')).toEqual({ ...nothing, visible: 12, doubled: 1 });
    expect(await places('Refusing')).toEqual(nothing);
    expect(await one('Lossy', first[0]!)).toMatchObject({ state: 'lost', firstSeenAt: null, lastSeenAt: null, lostAt: expect.any(String) }); // prettier-ignore
    expect((await lab.sightings('Twice', { only: 'doubled' })).sightings.map(({ marker }) => marker)).toEqual([first[0]!.marker]); // prettier-ignore
  });

  it('record nothing while the baseline fails, and call nothing lost that was there at one look', async () => {
    const { app, baseline } = { app: lab.app('Steady'), baseline: lab.baseline };
    const kept = [...app.lists.entry];
    app.lists.entry.length = 0;
    baseline.instead.set('entries', (_request, response) => void response.writeHead(500).end());
    const [blind] = await lab.compare(['Steady']);
    expect([blind!.verdict, await places('Steady')]).toEqual(['unknown', { ...nothing, visible: 12 }]);
    baseline.instead.clear();
    const [flickering] = await lab.compare(['Steady'], () => app.lists.entry.splice(0, Infinity, ...kept));
    expect(flickering!.verdict).toBe('in-sync');
    expect(await places('Steady')).toEqual({ ...nothing, visible: 12 });
  });

  it('tell when what was seen was lost, and keep that when it has come back', async () => {
    const entries = lab.app('Steady').lists.entry;
    const before = await one('Steady', first[0]!);
    const [row] = entries.splice(0, 1);
    await lab.compare(['Steady']);
    const lost = await one('Steady', first[0]!);
    expect(lost).toMatchObject({ state: 'lost', firstSeenAt: before.firstSeenAt, lastSeenAt: before.lastSeenAt });
    expect(Date.parse(lost.lostAt!)).toBeGreaterThan(Date.parse(lost.lastSeenAt!));
    expect(await places('Steady')).toEqual({ ...nothing, visible: 11, lost: 1 });
    expect((await lab.sightings('Steady', { only: 'lost' })).sightings).toEqual([lost]);
    entries.unshift(row!);
    await lab.compare(['Steady']);
    expect(await one('Steady', first[0]!)).toMatchObject({ state: 'visible', lostAt: lost.lostAt });
    await lab.query(`update endpoint_look set at = at - interval '1 hour'`);
    const writes = await lab.query<{ xmin: string }>('select xmin::text from sighting order by app_id, marker');
    await lab.compare(['Steady']);
    expect(await lab.query('select xmin::text from sighting order by app_id, marker')).toEqual(writes);
  });

  it('never call lost what newer rows have pushed behind the window', async () => {
    const moods = moodsOf(103);
    for (let part = 0; part < 2; part += 1) {
      const writes = moods.slice(part * 60, part * 60 + 60);
      await lab.fill(++fill, writes, [{ name: 'Steady', writes }]);
    }
    const [steady] = await lab.compare(['Steady']);
    expect(steady!.verdict).toBe('in-sync');
    expect(await places('Steady')).toEqual({ ...nothing, visible: 12 + 103 - 7, behind: 7 });
    const seenBefore = await one('Steady', first[1]!);
    expect(seenBefore).toMatchObject({ state: 'behind', lostAt: null, lastSeenAt: expect.any(String) });
    expect(await one('Steady', moods[0]!)).toMatchObject({ state: 'behind', firstSeenAt: null, lastSeenAt: null });
  });

  it('come page by page, the newest first', async () => {
    lab.app('Lossy').lists.value.length = 0;
    await lab.compare(['Lossy']);
    const all = (await lab.sightings('Lossy', { only: 'lost' })).sightings.map(({ marker }) => marker);
    expect(all).toEqual([11, 8, 5, 2, 0].map((index) => first[index]!.marker));
    const page = await lab.sightings('Lossy', { only: 'lost', limit: 3 });
    const rest = await lab.sightings('Lossy', { only: 'lost', limit: 3, before: page.next });
    expect([page.sightings.length, rest.sightings.map(({ marker }) => marker), rest.next]).toEqual([3, all.slice(3), null]); // prettier-ignore
  });

  it('live as long as their writes', async () => {
    const count = async () => Number((await lab.query<{ count: string }>('select count(*) from sighting'))[0]!.count);
    expect(await count()).toBeGreaterThan(0);
    await lab.query(`update fill set closed_at = closed_at - interval '31 days'`);
    await lab.query(`update work set due_at = clock_timestamp() where kind = 'retention'`);
    await until(async () => (await count()) === 0);
    for (const step of [sightings.down, sightings.up, sightings.down, sightings.up]) await lab.query(step);
  });
});
