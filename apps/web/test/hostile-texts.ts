import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

// Texts that run something where they are taken for markup, and addresses that do where they are followed. Each says `hacked`.
// Those that swallow what comes after them stand last: the others are tried in one text.
const call = 'window.hacked=1';
export const hostileMarkup: readonly string[] = [
  `<script>${call}</script>`,
  `<img src=x onerror=${call}>`,
  `<img src=x onerror="${call}">`,
  `<IMG SRC=x OnErRoR=${call}>`,
  `<img/src=x/onerror=${call}>`,
  `"><img src=x onerror=${call}>`,
  `'><img src=x onerror=${call}>`,
  `" onmouseover="${call}" x="<b onclick=${call}>`,
  `' autofocus onfocus='${call}' x='<b onclick=${call}>`,
  `<svg onload=${call}>`,
  `<svg><script>${call}</script></svg>`,
  `<svg><animate onbegin=${call} attributeName=x dur=1s>`,
  `<svg><a xlink:href="javascript:${call}"><text y=9>hacked</text></a></svg>`,
  `<math><mtext><img src=x onerror=${call}></mtext></math>`,
  `<body onload=${call}><b onclick=${call}>`,
  `<iframe src="javascript:parent.hacked=1"></iframe>`,
  `<iframe srcdoc="<script>parent.hacked=1</script>"></iframe>`,
  `<object data="data:text/html,<script>parent.hacked=1</script>"></object>`,
  `<embed src="javascript:${call}">`,
  `<video><source onerror=${call}></video>`,
  `<audio src=x onerror=${call}></audio>`,
  `<details open ontoggle=${call}>hacked</details>`,
  `<input autofocus onfocus=${call}>`,
  `<form action="javascript:${call}"><button>hacked</button></form>`,
  `<button formaction="javascript:${call}">hacked</button>`,
  `<a href="javascript:${call}">hacked</a>`,
  `<a href="java&#9;script:${call}">hacked</a>`,
  `<a href="data:text/html,<script>${call}</script>">hacked</a>`,
  `<link rel=stylesheet href="http://hacked.example/x.css">`,
  `<style onload=${call}>@import "http://hacked.example/x.css";</style>`,
  `<base href="http://hacked.example/">`,
  `<meta http-equiv=refresh content="0;url=http://hacked.example/">`,
  `<marquee onstart=${call}>hacked</marquee>`,
  `</textarea></title></style></script><img src=x onerror=${call}>`,
  `\u003cimg src=x onerror=${call}\u003e&lt;img src=x onerror=${call}&gt;<b onclick=${call}>`,
  `<template><img src=x onerror=${call}></template><b onclick=${call}>`,
  `{{constructor.constructor('${call}')()}}\${${call}}<b onclick=${call}>`,
  `<noscript><p title="</noscript><img src=x onerror=${call}>">`,
  `<!--><img src=x onerror=${call}>-->`,
  `<![CDATA[><img src=x onerror=${call}>]]><xmp><b onclick=${call}>`,
];
export const hostileUrls: readonly string[] = [
  ...[`javascript:${call}`, `JaVaScRiPt:${call}`, ` javascript:${call}`, `java\nscript:${call}`, `\u0001javascript:${call}`],
  ...[`data:text/html,<script>${call}</script>`, `vbscript:${call}`, 'file:///etc/hacked', 'blob:http://x/hacked', 'view-source:http://hacked'],
  ...[`http://x.example/"onmouseover="${call}`, `https://x.example/'><img src=x onerror=${call}>`, `//hacked.example/`],
  ...[`/api/v1/hacked`, `#hacked`, `http:javascript:${call}`, ...hostileMarkup],
]; // prettier-ignore

/** What students and their apps write, by the name of its field in the answers of the API. */
const texts = new Set(['team', 'appName', 'sentence', 'note', 'problem', 'reason', 'reasons', 'text', 'message', 'error', 'mood', 'detail', 'follows', 'baseline', 'app', 'server.address', 'url.path', 'errors', 'declaredBy']); // prettier-ignore
const urls = new Set(['url', 'appUrl']);
/** Rows of apps: every field of theirs, and its name, is theirs. */
const rows = new Set(['app', 'baseline', 'row', 'payload']);

/** The same answer with hostile texts behind every text that is not ours, and hostile addresses in the place of theirs. */
export class Poison {
  private urlsGiven = 0;
  private readonly all = hostileMarkup.join(' ');

  of(value: unknown, field = '', isRow = false): unknown {
    if (typeof value === 'string') {
      if (urls.has(field) && !isRow) return this.nextUrl();
      return isRow || texts.has(field) ? `${value} ${this.all}` : value;
    }
    if (Array.isArray(value)) return value.map((one) => this.of(one, field, isRow));
    if (typeof value !== 'object' || value === null) return value;
    const isTheirs = isRow || (rows.has(field) && !('problem' in value));
    const entries = Object.entries(value).map(([name, one]) => [
      name,
      this.of(one, this.fieldOf(name, value), isTheirs),
    ]);
    const more = isTheirs ? [[this.all, this.all]] : [];
    return Object.fromEntries([...entries, ...more] as [string, unknown][]);
  }

  /** Every second one is a link, so that links are seen as well. */
  private nextUrl(): string {
    const n = this.urlsGiven++;
    return n % 2 ? `https://x.example/"onmouseover="${call}` : hostileUrls[(n / 2) % hostileUrls.length]!;
  }

  /** A name of an app or a person is theirs; of rules, services and spans it is ours. `path` is an app's where it leads into a row. */
  private fieldOf(name: string, of: object): string {
    if (name === 'name' && ('appId' in of || 'team' in of)) return 'text';
    return name === 'path' && 'baseline' in of ? 'text' : name;
  }
}

/** The API and the pages of `origin`, poisoned: answers, errors and the live stream. */
export async function startPoisoned(origin: string): Promise<{ url: string; close: () => void }> {
  const poison = new Poison();
  const poisoned = (json: string) => JSON.stringify(poison.of(JSON.parse(json)));
  const events = (text: string) => text.replace(/^data: (.*)$/gm, (_, json: string) => `data: ${poisoned(json)}`);
  const forward = (asked: IncomingMessage, answer: ServerResponse) => {
    const onward = request(origin + asked.url, { method: asked.method, headers: asked.headers }, (got) => {
      const type = String(got.headers['content-type'] ?? '');
      const { 'content-length': _length, ...headers } = got.headers;
      answer.writeHead(got.statusCode!, headers);
      const isStream = type.startsWith('text/event-stream');
      if (!isStream && !type.includes('json')) return void got.pipe(answer);
      let text = '';
      got.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const whole = isStream ? text.lastIndexOf('\n\n') + 2 : 0;
        if (whole > 1) answer.write(events(text.slice(0, whole)));
        text = text.slice(whole > 1 ? whole : 0);
      });
      got.once('end', () => answer.end(text && poisoned(text)));
    });
    onward.on('error', () => answer.destroy());
    answer.once('close', () => onward.destroy());
    asked.pipe(onward);
  };
  const server = createServer(forward);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
