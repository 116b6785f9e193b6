import { once, type EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { symbols } from 'pino';
import { createLogger, NestLogger, type Logger } from './logger.js';

const dir = mkdtempSync(join(tmpdir(), 'lockstep-log-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
let files = 0;

/** Every line that was written, as whoever reads logs takes them apart. */
async function linesOf(write: (logger: Logger) => void): Promise<Record<string, unknown>[]> {
  const file = join(dir, `${files++}.log`);
  const logger = createLogger('gateway', 'info', file);
  const stream = (logger as unknown as Record<symbol, EventEmitter & { end: () => void }>)[symbols.streamSym]!;
  await once(stream, 'ready');
  write(logger);
  stream.end();
  await once(stream, 'close');
  const text = readFileSync(file, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  // eslint-disable-next-line no-control-regex
  expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f]/);
  return text.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore
}

describe('a log line', () => {
  const forged = '{"level":"error","service":"gateway","msg":"forged"}';
  it.each([
    `\n${forged}`, `\r\n${forged}\r\n`, `\r${forged}`, `\u0085${forged}`, `\u2028${forged}`, `"}\n${forged}`, `\\\n${forged}`, `\v\f\0${forged}`, '\u001b[2K\u001b[1A', '%0d%0aforged', '%s%d%j %o',
  ])('is one line, whatever is written into it: %j', async (text) => {
    const lines = await linesOf((logger) => {
      logger.info(text);
      logger.info({ url: text, [text]: text }, 'asked');
      logger.error({ err: new Error(text) });
      new NestLogger(logger).error(text, text);
    });
    expect(lines.map(({ level }) => level)).toEqual(['info', 'info', 'error', 'error']);
    expect(lines.every(({ service, time }) => service === 'gateway' && !Number.isNaN(Date.parse(String(time))))).toBe(true); // prettier-ignore
    expect([lines[0]!['msg'], lines[1]!['url'], lines[3]!['msg']]).toEqual([text, text, text]);
  }); // prettier-ignore

  it('holds no secret by the usual names', async () => {
    const secret = 'hunter2-hunter2';
    const headers = { authorization: secret, cookie: secret };
    const lines = await linesOf((logger) =>
      logger.info({ password: secret, token: secret, url: { password: secret }, req: { headers } }),
    );
    expect(JSON.stringify(lines)).not.toContain(secret);
    expect(lines).toHaveLength(1);
  });
});
