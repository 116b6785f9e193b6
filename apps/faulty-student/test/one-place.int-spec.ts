import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { Pairs } from './pair.js';

// Goal: the door leads to the app behind it and nowhere else, whatever a visitor asks for. Method: request lines that a URL would
// resolve to another host, sent as they are, and a server at that host that must hear nothing.
const pairs = new Pairs();
beforeAll(() => pairs.start());
afterEach(() => pairs.closeAll());
afterAll(() => pairs.stop());

/** Sends a request line as it is; clients that know URLs would put it in order first. Resolves to the whole answer. */
const sendLine = ({ port }: { port: number }, line: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`${line} HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n`),
    );
    socket.on('data', (chunk) => (text += String(chunk)));
    socket.once('end', () => resolve(text));
    socket.once('error', reject);
  });

describe('the door', () => {
  it.each([
    ['//<other>/api/moods/all'],
    ['///<other>/api/moods/all'],
    ['http://<other>/api/moods/all'],
    ['HTTP://<other>'],
    ['http://<other>?limit=2'],
    ['http://user@<other>//<other>/'],
  ])('never reaches the host that a request line names: GET %s', async (target) => {
    const asked: string[] = [];
    const other = createServer((request, response) => {
      asked.push(request.url!);
      response.end('inside the network');
    });
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const line = `GET ${target.replaceAll('<other>', `127.0.0.1:${(other.address() as AddressInfo).port}`)}`;
    try {
      const { student } = await pairs.of();
      const redirecting = await pairs.of({ name: 'redirect-baseline', baseline: student.url });
      for (const door of [student, redirecting.student]) {
        const answer = await sendLine(door, line);
        expect(answer).toMatch(/^HTTP\/1.1 (200 OK|302 Found)/);
        expect(answer).not.toMatch(/inside the network|location: (?!http:\/\/127\.0\.0\.1:\d+\/api)/i);
        expect(answer).not.toContain(`location: http://127.0.0.1:${(other.address() as AddressInfo).port}`);
      }
      expect(asked).toEqual([]);
    } finally {
      other.close();
    }
  });
});
