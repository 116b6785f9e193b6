// Statements that are parsed and planned once per connection: for those that are run many times a second and cost more to plan than to
// run. A plan is made anew when the statistics of its tables are.
import type { Client, PoolClient } from 'pg';

const names = new Map<string, string>();

/** Marks a statement; its text must be a constant, since a connection keeps every plan. Returns it as it is. */
export function prepared(sql: string): string {
  if (!names.has(sql)) names.set(sql, `prepared_${names.size + 1}`);
  return sql;
}

const knowing = new WeakSet<object>();

/** Has a connection keep the plans of marked statements. */
export function preparing<C extends Client | PoolClient>(client: C): C {
  if (knowing.has(client)) return client;
  knowing.add(client);
  const query = client.query.bind(client) as (...given: unknown[]) => unknown;
  client.query = ((...given: unknown[]) => {
    const [text, values, ...rest] = given;
    const name = typeof text === 'string' && Array.isArray(values) ? names.get(text) : undefined;
    return name ? query({ name, text, values }, ...rest) : query(...given);
  }) as C['query'];
  return client;
}
