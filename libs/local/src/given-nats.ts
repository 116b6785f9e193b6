import { connect, type NatsConnection } from '@nats-io/transport-node';
import { isVersionEnough, natsVersionMin } from './nats-version.js';

const connectMsMax = 5_000;

/** Makes sure that a broker which is not ours (NATS_URL) can be used; throws a sentence that says what is missing. */
export async function checkGivenNats(natsUrl: string): Promise<void> {
  const connection = await connectTo(natsUrl);
  const { version = '', jetstream } = connection.info ?? {};
  await connection.close();
  const { host } = new URL(natsUrl);
  if (!isVersionEnough(version))
    throw new Error(
      `NATS at ${host} is ${version || 'of no known version'}; Lockstep needs ${natsVersionMin} or newer.`,
    );
  if (!jetstream) throw new Error(`NATS at ${host} has no JetStream for this user. Start it with --jetstream.`);
}

/** A connection as the user of the address. Throws a sentence when there is none to be had. */
export async function connectTo(natsUrl: string, inboxPrefix = '_INBOX'): Promise<NatsConnection> {
  const { hostname, port, host, username, password } = new URL(natsUrl);
  try {
    return await connect({
      servers: `${hostname}:${port || 4222}`,
      ...(username ? { user: decodeURIComponent(username), pass: decodeURIComponent(password) } : {}),
      inboxPrefix,
      timeout: connectMsMax,
      reconnect: false,
    });
  } catch (error) {
    throw explain(error, host);
  }
}

function explain(error: unknown, host: string): Error {
  const { name, message } = error as Error;
  if (/authorization|authentication/i.test(`${name} ${message}`))
    return new Error(`NATS at ${host} refuses the user or password.`, { cause: error });
  return new Error(`No NATS answers at ${host} (${message}).`, { cause: error });
}
