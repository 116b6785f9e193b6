import { jetstreamManager } from '@nats-io/jetstream';
import { streamOf } from '#libs/messaging/src/subjects.js';
import { Lab } from '#libs/testing/src/lab.js';
import { nothingWrong, reckon } from '#libs/testing/src/reckoning.js';
import { Submitter } from '#libs/testing/src/submitting.js';
import { until } from '#libs/testing/src/settle.js';

// Goal: whatever becomes of the broker and its memory costs latency, nothing else, and nobody has to help.
// Method: two services hosted here, load, the fault in its middle, more load; then the ledger and the rows that people were told are there.
describe('a broker that', () => {
  let lab: Lab;
  let submitter: Submitter;
  beforeAll(async () => {
    lab = await Lab.start({ host: ['submission', 'leaderboard'] });
    submitter = await Submitter.start(lab);
    // No fill of its own: where nobody is to write, nobody does.
    await lab.query('submission', 'update automation set is_on = false');
  });
  afterAll(async () => {
    await submitter?.stop();
    await lab?.stop();
  });

  const stream = streamOf('submission');
  const asOperator = async <T>(act: (manager: Awaited<ReturnType<typeof jetstreamManager>>) => Promise<T>) => {
    const connection = await lab.connectAs('operator');
    try {
      return await act(await jetstreamManager(connection));
    } finally {
      await connection.close();
    }
  };
  const isAllPublished = async () =>
    (await lab.query('submission', 'select from outbox_head where published = n and n > 0')).length === 1;
  const inStream = () => asOperator(async ({ streams }) => (await streams.info(stream)).state);

  /** Load before, during and after; returns what the fault returned. */
  async function underLoad<T>(fault: () => Promise<T>): Promise<T> {
    await submitter.submit(20);
    const load = submitter.submit(40);
    const result = await fault();
    await load;
    await submitter.submit(20);
    expect(await reckon(lab, submitter)).toEqual(nothingWrong);
    return result;
  }

  it('is killed and started again, twice', async () => {
    await underLoad(async () => {
      await lab.nats.restart('SIGKILL');
      await lab.nats.restart('SIGKILL', 300);
    });
  });

  it('is replaced by an empty one', async () => {
    await underLoad(() => lab.nats.wipe());
    expect((await inStream()).messages).toBeGreaterThan(0);
  });

  it('forgets its last messages and gives their numbers to others', async () => {
    const cut = await underLoad(() => lab.nats.truncateLastBlock(20_000));
    expect(cut.map((one) => one.stream)).toContain(stream);
  });

  it('forgets its last messages while nobody writes', async () => {
    await lab.settle();
    const before = await inStream();
    const cut = await lab.nats.truncateLastBlock(20_000);
    expect(cut.map((one) => one.stream)).toContain(stream);
    expect((await inStream()).last_seq).toBeLessThan(before.last_seq);
    await submitter.submit(20);
    expect(await reckon(lab, submitter)).toEqual(nothingWrong);
  });

  it('loses a stream to an operator', async () => {
    await underLoad(() => asOperator(({ streams }) => streams.delete(stream)));
    expect((await inStream()).messages).toBeGreaterThan(0);
    await until(isAllPublished);
  });

  it('loses a stream while nobody writes, and later a consumer', async () => {
    await lab.settle();
    await asOperator(({ streams }) => streams.delete(stream));
    await submitter.submit(20);
    expect(await reckon(lab, submitter)).toEqual(nothingWrong);
    const deleted = () => asOperator(({ consumers }) => consumers.delete(stream, 'leaderboard').catch(() => false));
    await until(deleted);
    await submitter.submit(20);
    expect(await reckon(lab, submitter)).toEqual(nothingWrong);
  });

  it('is purged by an operator before anything was read, and nobody writes any more', async () => {
    await lab.hosted.get('leaderboard')!.close();
    await submitter.submit(30);
    await until(isAllPublished);
    await asOperator(({ streams }) => streams.purge(stream));
    await lab.host('leaderboard');
    expect(await reckon(lab, submitter)).toEqual(nothingWrong);
  });

  it('comes back after longer than a client usually tries', async () => {
    await underLoad(() => lab.nats.restart('SIGKILL', 8_000));
  });

  it('is away while a service stops: the service ends in time, and goes on when both are back', async () => {
    await submitter.submit(20);
    await lab.nats.kill();
    const began = performance.now();
    await lab.hosted.get('leaderboard')!.close();
    expect(performance.now() - began).toBeLessThan(5_000);
    await lab.nats.restart();
    await lab.host('leaderboard');
    await submitter.submit(20);
    expect(await reckon(lab, submitter)).toEqual(nothingWrong);
  });

  it('was never asked by a service for what the service may not do', () => {
    // The right to answer ends with the connection that brought the request: an answer on its way when a broker dies is refused by the next.
    const refused = lab.nats
      .logTail()
      .split('\n')
      .filter((line) => /violation/i.test(line) && !/Subject "_INBOX_/.test(line));
    expect(refused).toEqual([]);
  });
});
