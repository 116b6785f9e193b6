/** The parts that the reference app runs as services behind one ingress. Here they are groups of routes. */
export type Part = 'gateway' | 'files' | 'server' | 'moods' | 'stats' | 'client';

const rules: readonly (readonly [RegExp, Part])[] = [
  [/^\/api\/journal\/?(.*)/i, 'gateway'],
  [/^\/api\/entries\/?(.*)/i, 'gateway'],
  [/^\/api\/server\/?(.*)/i, 'server'],
  [/^\/api\/files\/?(.*)/i, 'files'],
  [/^\/api\/moods\/?(.*)/i, 'moods'],
  [/^\/api\/stats\/?(.*)/i, 'stats'],
  [/^\/api\/(ai\/?.*)/i, 'gateway'],
];

/**
 * The route behind a requested URL, as `/<part>/<rest>?query`: the ingress knows a prefix in any case, takes it off and
 * needs no slash after it, so /api/journalentries/all is /gateway/entries/all. All other paths belong to the client.
 */
export function rewrite(url: string): string {
  const [, path = '', query = ''] = /^([^?#]*)(\?[^#]*)?/.exec(url.replace(/^https?:\/\/[^/?#]*/i, '')) ?? [];
  const merged = path.replace(/\/{2,}/g, '/');
  for (const [prefix, part] of rules) {
    const found = prefix.exec(merged);
    if (found) return `/${part}/${found[1]}${query}`;
  }
  return `/client/${merged.replace(/^\//, '')}${query}`;
}

/** The part and the path below it of a rewritten URL, without the query. */
export function split(rewritten: string): { part: Part; path: string } {
  const [, part, path] = /^\/([a-z]+)(\/[^?]*)/.exec(rewritten) ?? [];
  return { part: part as Part, path: path ?? '/' };
}
