import { Bus } from '../src/bus.js';
import { throwawayDataDir } from '#libs/local/src/throwaway-dir.js';
import { startNats } from '#libs/local/src/nats.js';
import { withUser } from '#libs/local/src/service-plan.js';
import { until } from '#libs/testing/src/settle.js';
import { quiet } from '#libs/testing/src/test-database.js';

const user = (password: string) => ({ name: 'submission', password, publish: ['>'], subscribe: ['>'] });

describe('a bus whose broker', () => {
  const data = throwawayDataDir();
  afterAll(() => data.remove());

  it('is started with other passwords for a while comes back by itself when the right ones are there again', async () => {
    let broker = await startNats({ dir: data.dir, users: [user('right')] });
    const bus = await Bus.connect({ service: 'submission', url: withUser(broker.url, user('right')), logger: quiet });
    try {
      await broker.stop();
      broker = await startNats({ dir: data.dir, users: [user('wrong')] });
      const refused = () => /authorization|authentication/i.test(broker.logTail());
      await until(() => refused() && !bus.connected);
      await broker.stop();
      broker = await startNats({ dir: data.dir, users: [user('right')] });
      await until(() => bus.connected);
      await bus.connection.flush();
      expect(bus.isDead).toBe(false);
    } finally {
      await bus.close();
      await broker.stop();
    }
  });

  it('has no place for it any more is dead, and says so', async () => {
    const broker = await startNats({ dir: data.dir, users: [user('right')] });
    const bus = await Bus.connect({ service: 'submission', url: withUser(broker.url, user('right')), logger: quiet });
    await bus.connection.close();
    await until(() => bus.isDead);
    await broker.stop();
  });
});
