import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { z } from 'zod';
import { ApiProblem, callAt } from './api.js';
import { NotRunning } from './installation.js';
import { Problem } from '#libs/contracts/src/problem.js';

describe('a request of the command line', () => {
  let server: Server;
  let answer: RequestListener;
  let url: string;
  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  const shape = z.object({ apps: z.array(z.string()) });
  const ask = (token?: string) => callAt({ url, token }, shape, ['GET', '/api/v1/apps']);
  const says = (status: number, body: unknown) => {
    answer = (_request, response) =>
      response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  };

  it('gives the answer when it has the shape of ours', async () => {
    says(200, { apps: ['Ada'] });
    expect(await ask()).toEqual({ apps: ['Ada'] });
  });

  it.each([
    [200, '<html>hello</html>'],
    [200, { other: true }],
    [200, ''],
    [404, '<html>not here</html>'],
    [404, { error: 'nothing' }],
  ])('says in one line that somebody else answers: %i %j', async (status, body) => {
    says(status, body);
    const failure = await ask().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NotRunning);
    expect((failure as Error).message).toMatch(
      new RegExp(
        `^${url}/api/v1/apps answered ${status}, and not as (this version of )?Lockstep does\\. Check LOCKSTEP_URL\\.$`,
      ),
    );
  });

  it('shows a refusal as it came, and asks for a token where none was sent', async () => {
    const { document } = new Problem('sign-in-needed', 'This is for staff.', 'Sign in.');
    says(401, document);
    const refusal = async (token?: string) => ((await ask(token).catch((e: unknown) => e)) as ApiProblem).document;
    expect(await refusal('a token')).toEqual(document);
    expect((await refusal()).next).toBe('Set LOCKSTEP_TOKEN to a token of that lab.');
  });

  it('says that nobody answers', async () => {
    const nobody = callAt({ url: 'http://127.0.0.1:1', token: undefined }, shape, ['GET', '/']);
    await expect(nobody).rejects.toThrow(/^http:\/\/127\.0\.0\.1:1 does not answer \(.+\)\. Is the lab running\?/);
  });
});
