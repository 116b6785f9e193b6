import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** Ways to answer a request that cost the reader as much as they can: one for each hostile app, in turns. */
export type Misbehaviour = (socket: Socket) => void;

const ok = (...lines: string[]): string => ['HTTP/1.1 200 OK', 'Content-Type: application/json', ...lines, '', ''].join('\r\n'); // prettier-ignore
const withLength = (body: Buffer | string, ...lines: string[]) =>
  Buffer.concat([Buffer.from(ok(`Content-Length: ${Buffer.byteLength(body)}`, ...lines)), Buffer.from(body)]);
const bomb = gzipSync(Buffer.alloc(256 * 1024 * 1024), { level: 9 });
const row = '{"id":1,"text":"endless","note":"endless","mood":"calm","number":1},';
const rowsPerPiece = 1_000;

export const misbehaviours: Readonly<Record<string, Misbehaviour>> = {
  'an endless body': (socket) => pour(socket, `${ok()}{"rows":[`, row.repeat(rowsPerPiece)),
  'a drip of bytes': (socket) => drip(socket, ok(), ' ', 500),
  'a drip of headers': (socket) => drip(socket, 'HTTP/1.1 200 OK\r\n', 'X-Drip: 1\r\n', 200),
  'a bomb': (socket) => void socket.write(withLength(bomb, 'Content-Encoding: gzip')),
  'a redirect': (socket) =>
    void socket.write('HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n'),
  'a reset': (socket) => void socket.write(`${ok('Content-Length: 9999')}{"rows":`, () => socket.resetAndDestroy()),
  'deep JSON': (socket) => void socket.write(withLength(`{"rows":${'['.repeat(1_000_000)}`)),
  'no answer': () => {},
  'a million headers': (socket) => pour(socket, 'HTTP/1.1 200 OK\r\n', 'X-More: 1\r\n'.repeat(rowsPerPiece), 1_000),
  'tiny pieces': (socket) => pour(socket, ok('Transfer-Encoding: chunked'), '1\r\n \r\n'.repeat(rowsPerPiece)),
};

/** Writes the same again and again, as fast as it is read, until the connection ends or it was written `times`. */
function pour(socket: Socket, head: string, piece: string, times = Infinity): void {
  socket.write(head);
  let left = times;
  const more = () => {
    for (let room = true; room && !socket.destroyed && left > 0; left -= 1) room = socket.write(piece);
  };
  socket.on('drain', more);
  more();
}

function drip(socket: Socket, head: string, piece: string, everyMs: number): void {
  socket.write(head);
  const timer = setInterval(() => socket.write(piece), everyMs);
  socket.once('close', () => clearInterval(timer));
}
