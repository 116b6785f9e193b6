import { spawn } from 'node:child_process';
import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { throwawayDataDir } from '../src/throwaway-dir.js';
import { checkGivenNats } from '../src/given-nats.js';
import { findNatsServer } from '../src/nats-binary.js';
import { startNats, type Nats } from '../src/nats.js';
import { freePort } from '../src/ports.js';
import { silentProgress } from '../src/progress.js';
import { eventually, isAlive } from './facts.js';

const home = throwawayDataDir();
const told: string[] = [];
const users = [
  { name: 'all', password: 'all', publish: ['>'], subscribe: ['>'] },
  { name: 'asker', password: 'asker', publish: ['ask.*'], subscribe: ['_INBOX.>'] },
  { name: 'answerer', password: 'answerer', publish: [], subscribe: ['ask.*'] },
  { name: 'mute', password: 'mute', publish: [], subscribe: [] },
];
const start = (more: { port?: number; monitor?: boolean } = {}) =>
  startNats({ dir: home.dir, users, onProgress: { step: () => undefined, done: (text) => told.push(text) }, ...more });

let nats: Nats;
const open = new Set<NatsConnection>();
const connectAs = async (user: string, pass = user) => {
  const connection = await connect({ servers: nats.url, user, pass, reconnect: false, timeout: 2000 });
  open.add(connection);
  return connection;
};

beforeAll(async () => {
  nats = await start();
});
afterEach(async () => {
  await Promise.all([...open].map((connection) => connection.close()));
  open.clear();
});
afterAll(async () => {
  await nats?.stop();
  home.remove();
});

async function publish(texts: string[]): Promise<void> {
  const connection = await connectAs('all');
  await (await jetstreamManager(connection)).streams.add({ name: 'EVENTS', subjects: ['events.>'] });
  for (const text of texts) await jetstream(connection).publish('events.note', text);
}

/** The texts in the stream; undefined when there is no such stream. */
async function stored(): Promise<string[] | undefined> {
  const streams = (await jetstreamManager(await connectAs('all'))).streams;
  const state = await streams.info('EVENTS').then(
    (info) => info.state,
    () => undefined,
  );
  if (!state) return undefined;
  const texts: string[] = [];
  for (let seq = state.first_seq; state.messages > 0 && seq <= state.last_seq; seq++) {
    texts.push((await streams.getMessage('EVENTS', { seq }))!.string());
  }
  return texts;
}

describe('who may do what', () => {
  it('refuses a wrong password, an unknown user and nobody', async () => {
    await expect(connectAs('all', 'wrong')).rejects.toThrow(/Authorization Violation/i);
    await expect(connectAs('stranger')).rejects.toThrow(/Authorization Violation/i);
    await expect(connect({ servers: nats.url, reconnect: false })).rejects.toThrow(/Authorization Violation/i);
  });

  it('lets a user publish and subscribe to its own subjects only', async () => {
    const all = await connectAs('all');
    const heard: string[] = [];
    all.subscribe('>', { callback: (_, message) => void heard.push(message.subject) });
    await all.flush();
    const asker = await connectAs('asker');
    for (const subject of ['ask.time', 'tell.secret', 'ask.time.twice']) asker.publish(subject);
    const refused = asker.subscribe('tell.>');
    await asker.flush(); // the refusal comes before the answer to this
    expect(refused.isClosed()).toBe(true);
    await all.flush();
    expect(heard.filter((subject) => !subject.startsWith('_INBOX'))).toEqual(['ask.time']);
  });

  it('lets whoever was asked answer, without any right to publish', async () => {
    const answerer = await connectAs('answerer');
    answerer.subscribe('ask.*', { callback: (_, message) => void message.respond('noon') });
    await answerer.flush();
    const asker = await connectAs('asker');
    expect((await asker.request('ask.time', '', { timeout: 2000 })).string()).toBe('noon');
  });

  it('gives a user with empty lists nothing', async () => {
    const mute = await connectAs('mute');
    const refused = mute.subscribe('anything');
    await mute.flush();
    expect(refused.isClosed()).toBe(true);
  });

  it('keeps its passwords in a file that only we can read', () => {
    expect(statSync(join(home.dir, 'nats', 'nats.conf')).mode & 0o777).toBe(0o600);
  });
});

describe('several accounts', () => {
  const several = throwawayDataDir();
  afterAll(() => several.remove());
  const everything = (name: string) => ({ name, password: name, publish: ['>'], subscribe: ['>'] });
  const withOthers = (...names: string[]) =>
    startNats({
      ...{ dir: several.dir, users: [everything('first')] },
      others: names.map((name) => ({ name, users: [everything(`${name}.user`)] })),
    });
  const streamsOf = async (server: Nats, user: string): Promise<string[]> => {
    const connection = await connect({ servers: server.url, user, pass: user, reconnect: false });
    open.add(connection);
    const names: string[] = [];
    for await (const { config } of (await jetstreamManager(connection)).streams.list()) names.push(config.name);
    return names;
  };
  const add = async (server: Nats, user: string, name: string) => {
    const connection = await connect({ servers: server.url, user, pass: user, reconnect: false });
    open.add(connection);
    await (await jetstreamManager(connection)).streams.add({ name, subjects: ['events.>'] });
    await jetstream(connection).publish('events.note', name);
  };

  it('have each its streams, whatever their users may do, and one that is gone leaves none', async () => {
    let server = await withOthers('physics', 'maths');
    try {
      await add(server, 'physics.user', 'PHYSICS');
      await add(server, 'maths.user', 'MATHS'); // the same subjects: in one account that is refused
      await add(server, 'first', 'FIRST');
      const all = await Promise.all(['first', 'physics.user', 'maths.user'].map((user) => streamsOf(server, user)));
      expect(all).toEqual([['FIRST'], ['PHYSICS'], ['MATHS']]);
      await server.stop();
      server = await withOthers('physics');
      expect([await streamsOf(server, 'first'), await streamsOf(server, 'physics.user')]).toEqual([
        ['FIRST'],
        ['PHYSICS'],
      ]);
      await server.stop();
      server = await withOthers('physics', 'maths');
      expect(await streamsOf(server, 'maths.user')).toEqual([]);
    } finally {
      await server.stop();
    }
  });
});

describe('a NATS that ends and starts', () => {
  afterEach(() => nats.wipe());

  it.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
    'has its messages after %s, at the same address',
    async (signal) => {
      await publish(['one', 'two']);
      const { url, pid } = nats;
      await nats.restart(signal);
      expect(nats.url).toBe(url);
      expect(nats.pid).not.toBe(pid);
      expect(await stored()).toEqual(['one', 'two']);
    },
  );

  it('is empty after wipe', async () => {
    await publish(['one']);
    await nats.wipe();
    expect(await stored()).toBeUndefined();
  });

  it('has lost its last messages, and only those, after its last block was truncated', async () => {
    await publish(['one', 'two', 'three']);
    expect(await nats.truncateLastBlock(10)).toEqual([{ stream: 'EVENTS', bytes: 10 }]);
    expect(await stored()).toEqual(['one', 'two']);
  });

  it('stays down after kill until it is restarted', async () => {
    await nats.kill();
    expect(nats.pid).toBeUndefined();
    await expect(connectAs('all')).rejects.toThrow(/refused/i);
    await nats.restart();
    await connectAs('all');
  });

  it('comes back by itself, and says so, when somebody else kills it', async () => {
    const former = nats.pid!;
    process.kill(former, 'SIGKILL');
    await eventually(() => expect(told).toContain('NATS ended by itself (SIGKILL) and is being started again'));
    await eventually(() => connectAs('all'));
    expect(isAlive(former)).toBe(false);
  });

  it('has the same address in a new life, or the port that was asked for, or says that it is taken', async () => {
    const { url } = nats;
    const port = Number(new URL(url).port);
    const other = throwawayDataDir();
    await expect(startNats({ dir: other.dir, users, port })).rejects.toThrow(`Port ${port} for NATS is taken`);
    other.remove();
    await nats.stop();
    nats = await start();
    expect(nats.url).toBe(url);
  });

  it('opens the monitoring port when asked', async () => {
    expect(nats.monitorUrl).toBeUndefined();
    await nats.stop();
    nats = await start({ monitor: true });
    const health = (await (await fetch(`${nats.monitorUrl}/healthz`)).json()) as { status: string };
    expect(health.status).toBe('ok');
  });
});

describe('which nats-server', () => {
  const fake = (version: string) => {
    const path = join(home.dir, 'nats-server');
    writeFileSync(path, `#!/bin/sh\necho 'nats-server: v${version}'\n`);
    chmodSync(path, 0o755);
    return path;
  };

  it('is the one of NATS_SERVER, or the first on PATH that is new enough', async () => {
    const path = fake('2.10.0');
    expect(await findNatsServer(silentProgress, { NATS_SERVER: path })).toBe(path);
    expect(await findNatsServer(silentProgress, { PATH: `/nowhere:${home.dir}` })).toBe(path);
  });

  it.each(['2.9.9', '1.99.99', '0.0.0'])('is not %s', async (version) => {
    const old = fake(version);
    await expect(findNatsServer(silentProgress, { NATS_SERVER: old })).rejects.toThrow(
      'is no nats-server 2.9.10 or newer',
    );
    expect(await findNatsServer(silentProgress, { PATH: home.dir })).not.toBe(old);
  });
});

describe('a broker of the user (NATS_URL)', () => {
  const at = (user: string, password: string) => nats.url.replace('//', `//${user}:${password}@`);

  it('is taken when it can do what is needed', async () => {
    await checkGivenNats(at('all', 'all'));
  });

  it('is refused in one sentence when it does not know the user, or is not there', async () => {
    const { host } = new URL(nats.url);
    await expect(checkGivenNats(at('all', 'wrong'))).rejects.toThrow(`NATS at ${host} refuses the user or password.`);
    await expect(checkGivenNats('nats://u:p@127.0.0.1:1')).rejects.toThrow('No NATS answers at 127.0.0.1:1 (');
  });

  it('is refused when it keeps no streams', async () => {
    const port = await freePort();
    const plain = spawn(await findNatsServer(silentProgress), ['-a', '127.0.0.1', '-p', String(port)], {
      stdio: 'ignore',
    });
    const check = () => checkGivenNats(`nats://127.0.0.1:${port}`).catch((error: unknown) => String(error));
    await eventually(async () => expect(await check()).toContain(`NATS at 127.0.0.1:${port} has no JetStream`));
    plain.kill();
  });
});
