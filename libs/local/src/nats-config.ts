export interface NatsUser {
  name: string;
  /** Must not begin with "$2a$": nats-server would take it for a hash. */
  password: string;
  /** Subjects it may publish to, and those it may subscribe to; `*` and `>` as in NATS. Nothing else is allowed. */
  publish: readonly string[];
  subscribe: readonly string[];
}

export interface NatsConfig {
  port: number;
  /** Unauthenticated: tells any local user about connections and subjects, never payloads. */
  monitorPort?: number | undefined;
  storeDir: string;
  users: readonly NatsUser[];
}

/** The text of nats.conf. It holds the passwords. */
export function natsConfig({ port, monitorPort, storeDir, users }: NatsConfig): string {
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
  max_file_store: 8GB
}
authorization {
  timeout: 5
  users: [
${users.map(userConfig).join('\n')}
  ]
}
`;
}

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
