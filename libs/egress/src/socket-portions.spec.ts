import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { SocketPortions } from './socket-portions.js';

const KiB = 1024;

describe('the portions of a socket', () => {
  /** What a reader gets that reads until there is nothing: the size of each portion. */
  const readAll = (socket: Socket): number[] => {
    const sizes: number[] = [];
    for (let piece = socket.read() as Buffer | null; piece; piece = socket.read() as Buffer | null)
      sizes.push(piece.length);
    return sizes;
  };
  const open = (bytes: number) => {
    const stream = new PassThrough({ highWaterMark: 1_024 * KiB });
    stream.write(Buffer.alloc(bytes));
    const socket = stream as unknown as Socket;
    return { socket, portions: new SocketPortions(socket) };
  };

  it('hand on no more of a head than it may have, and say so', () => {
    const { socket, portions } = open(64 * KiB);
    let said = 0;
    portions.head(() => (said += 1));
    expect([readAll(socket), said]).toEqual([[16 * KiB], 1]);
  });

  it('hand on the body as it came, or little by little where trailers may come with it', () => {
    const { socket, portions } = open(20 * KiB);
    portions.head(() => undefined);
    expect((socket.read() as Buffer).length).toBe(16 * KiB);
    portions.body(true);
    expect(readAll(socket)).toEqual([4 * KiB]);
    portions.body(false);
    socket.write(Buffer.alloc(40 * KiB));
    expect(readAll(socket)).toEqual([40 * KiB]);
    portions.head(() => undefined);
    socket.write(Buffer.alloc(10 * KiB));
    expect(readAll(socket)).toEqual([10 * KiB]);
  });

  it('are none once the socket is destroyed, whatever lies in it', () => {
    const { socket, portions } = open(64 * KiB);
    portions.head(() => socket.destroy());
    expect(readAll(socket)).toEqual([16 * KiB]);
    expect(readAll(socket)).toEqual([]);
  });
});
