import { connect } from 'node:net';
import { Body, Controller, Get, Module, Param, Post, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createHttpAdapter, prepareHttp } from '../src/http-server.js';
import type { ProblemDocument } from '#libs/contracts/src/problem.js';
import { quiet } from '#libs/testing/src/test-database.js';

@Controller('things')
class Things {
  @Post()
  add(@Body() body: unknown) {
    return body;
  }

  @Get(':name')
  show(@Param('name') name: string) {
    if (name === 'broken') throw new Error('password=hunter2 at /srv/app/secret.ts');
    return { name };
  }
}
@Module({ controllers: [Things] })
class App {}

describe('the HTTP door of a service', () => {
  let app: INestApplication;
  let url: URL;
  beforeAll(async () => {
    app = await NestFactory.create(App, createHttpAdapter(), { logger: false, abortOnError: false });
    prepareHttp(app, 'platform', quiet);
    await app.listen(0, '127.0.0.1');
    url = new URL(await app.getUrl());
  });
  afterAll(() => app?.close());

  /** The raw bytes are sent as they are: fetch would mend them. */
  const say = (bytes: string): Promise<{ status: number; type: string; problem: ProblemDocument }> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(url.port), url.hostname, () => socket.write(bytes));
      let answer = '';
      socket.on('data', (data) => (answer += data.toString()));
      socket.on('error', reject).on('close', () => {
        const [head = '', body = ''] = answer.split('\r\n\r\n');
        const type = /content-type: ([^\r]+)/i.exec(head)?.[1] ?? '';
        resolve({ status: Number(head.split(' ')[1]), type, problem: JSON.parse(body) as ProblemDocument });
      });
    });
  const get = (path: string, headers = '') =>
    say(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${headers}\r\n`);

  it.each([
    ['an address that is not encoded well', () => get('/things/%zz'), 400, 'malformed'],
    ['a name that is too long', () => get(`/things/${'x'.repeat(300)}`), 413, 'too-large'],
    ['headers that are too large', () => get('/things/a', `x-much: ${'x'.repeat(20_000)}\r\n`), 413, 'too-large'],
    ['what is no HTTP', () => say('what is this?\r\n\r\n'), 400, 'malformed'],
    [
      'a body that is no JSON',
      () =>
        say(
          'POST /things HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{"',
        ),
      400,
      'not-json',
    ],
    ['an unknown address', () => get('/nothing'), 404, 'not-found'],
    ['a defect of ours', () => get('/things/broken'), 500, 'fault'],
  ])('answers %s with a problem document', async (_what, ask, status, type) => {
    const answer = await ask();
    expect([answer.status, answer.problem.status, answer.problem.type]).toEqual([
      status,
      status,
      `urn:lockstep:problem:${type}`,
    ]);
    expect(answer.type).toBe('application/problem+json; charset=utf-8');
    expect(answer.problem).toMatchObject({ detail: expect.stringMatching(/\w/), next: expect.stringMatching(/\w/) });
    expect(JSON.stringify(answer.problem)).not.toMatch(/hunter2|secret|FST_/);
  });
});
