// A small `lockstep up` for tests to kill: owner.js <root> takes the data of <root> and starts Postgres and NATS on them.
// Says one line of JSON when all is up. On SIGINT and SIGTERM it asks the database once more, says "goodbye" and stops both.
import pg from 'pg';
import { dataDir } from '../src/data-dir.js';
import { acquireLock } from '../src/data-lock.js';
import { startNats } from '../src/nats.js';
import { startPostgres } from '../src/postgres.js';

const dir = dataDir(process.argv[2]!);
const lock = acquireLock(dir);
lock.setAddress('http://localhost:8000');
const everything = { name: 'all', password: 'all', publish: ['>'], subscribe: ['>'] };
const [postgres, nats] = await Promise.all([
  startPostgres({ dir, fsync: false }), // kill -9 of processes loses nothing that they have handed to the kernel
  startNats({ dir, users: [everything] }),
]);
const serviceUrl = await postgres.ensureDatabase('service', { password: 'service' });

async function leave(): Promise<void> {
  const client = new pg.Client(serviceUrl);
  await client.connect();
  await client.query('select 1');
  await client.end();
  await Promise.all([postgres.stop(), nats.stop()]);
  lock.release();
  console.log('goodbye');
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void leave());

const pids = { postgres: postgres.pid, nats: nats.pid };
console.log(JSON.stringify({ dir, serviceUrl, postgresPort: postgres.port, natsUrl: nats.url, pids }));
