/**
 * `node dist/deploy/nats-conf.js` writes deploy/nats.conf, the broker's configuration for containers: the same limits,
 * users and permissions as everywhere, passwords taken from the environment of nats-server. Run it after the catalogue changed;
 * `./lockstep test deploy` fails until then.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './checkout.js';
import { mainLab } from '#libs/contracts/src/labs.js';
import { natsConfig } from '#libs/local/src/nats-config.js';
import { brokerUsers } from '#libs/messaging/src/subjects.js';

/** The environment variable that holds the password of a broker user. */
export const passwordVariable = (user: string): string => `NATS_${user.toUpperCase()}_PASSWORD`;

/** The text of deploy/nats.conf. */
export function natsConf(): string {
  const users = brokerUsers().map((user) => ({ ...user, password: `$${passwordVariable(user.name)}` }));
  const local = natsConfig({ port: 4222, monitorPort: 8222, storeDir: '/data', accounts: [{ name: mainLab, users }] });
  const open = replaceOnce(local, 'listen: "127.0.0.1:4222"', 'listen: "0.0.0.0:4222"');
  // Unquoted, or nats-server would take the name of the variable for the password.
  const text = users.reduce(
    (conf, { password }) => replaceOnce(conf, `password: "${password}"`, `password: ${password}`),
    open,
  );
  return `# Written by deploy/nats-conf.ts from the catalogue: do not edit. The monitoring port is open inside the container only.\n${text}`;
}

/** Throws when `text` does not hold `what` exactly once: libs/local has changed how it writes its configuration. */
function replaceOnce(text: string, what: string, by: string): string {
  const [before, after, ...more] = text.split(what);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`nats-config.ts no longer writes ${what} once: deploy/nats-conf.ts must follow it`);
  return `${before}${by}${after}`;
}

if (import.meta.main) writeFileSync(join(root, 'deploy/nats.conf'), natsConf());
