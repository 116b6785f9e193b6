export interface NatsUser {
  name: string;
  /** Must not begin with "$2a$": nats-server would take it for a hash. */
  password: string;
  /** Subjects it may publish to, and those it may subscribe to; `*` and `>` as in NATS. Nothing else is allowed. */
  publish: readonly string[];
  subscribe: readonly string[];
}

/** Users among themselves: subjects and streams of other accounts do not exist for them. */
export interface NatsAccount {
  name: string;
  /** A user's name is taken once on the whole server. */
  users: readonly NatsUser[];
}

export interface NatsConfig {
  port: number;
  /** Unauthenticated: tells any local user about connections and subjects, never payloads. */
  monitorPort?: number | undefined;
  storeDir: string;
  /** One is the server's global account, which has no name; several have each its name. */
  accounts: readonly NatsAccount[];
}

const gigabytesOfServer = 8;
/** Of one account among several: twice what its streams may keep. */
const gigabytesOfAccount = 3;

/** The text of nats.conf. It holds the passwords. */
export function natsConfig({ port, monitorPort, storeDir, accounts }: NatsConfig): string {
  return `server_name: lockstep
listen: "127.0.0.1:${port}"
${monitorPort === undefined ? '' : `http: "127.0.0.1:${monitorPort}"`}
max_payload: 1MB
max_connections: 1000
# A peer that is gone without a word is noticed within half a minute.
ping_interval: "10s"
ping_max: 2
write_deadline: "10s"
jetstream {
  store_dir: ${JSON.stringify(storeDir)}
  max_memory_store: 64MB
  max_file_store: ${Math.max(gigabytesOfServer, gigabytesOfAccount * accounts.length)}GB
}
${accounts.length > 1 ? severalAccounts(accounts) : globalAccount(accounts)}`;
}

const globalAccount = (accounts: readonly NatsAccount[]): string => `authorization {
  timeout: 5
  users: [
${accounts
  .flatMap(({ users }) => users)
  .map(userConfig)
  .join('\n')}
  ]
}
`;

/** Beside named accounts the global one has no JetStream: nobody is left in it. */
const severalAccounts = (accounts: readonly NatsAccount[]): string => `authorization { timeout: 5 }
accounts {
${accounts.map(accountConfig).join('\n')}
}
`;

const accountConfig = ({ name, users }: NatsAccount): string => `  ${JSON.stringify(name)} {
    jetstream { max_file: ${gigabytesOfAccount}GB }
    users: [
${users.map(userConfig).join('\n')}
    ]
  }`;

/** Where nats-server keeps the streams of each of these accounts, below its store. */
export const accountDirectories = (accounts: readonly NatsAccount[]): string[] =>
  accounts.length > 1 ? accounts.map(({ name }) => name) : ['$G'];

/** allow_responses: whoever received a request may answer it, once, wherever the asker waits. */
function userConfig({ name, password, publish, subscribe }: NatsUser): string {
  const allow = (subjects: readonly string[]) =>
    subjects.length > 0 ? `{ allow: ${JSON.stringify(subjects)} }` : '{ deny: [">"] }';
  return `    {
      user: ${JSON.stringify(name)}, password: ${JSON.stringify(password)}
      permissions: {
        publish: ${allow(publish)}, subscribe: ${allow(subscribe)}
        allow_responses: { max: 1, expires: "2m" }
      }
    }`;
}
