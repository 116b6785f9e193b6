// undici counts the header lines of an answer and of its trailers only, one by one, and makes an error for each that is over its
// limit: 64 kB of short lines that arrive at once cost 100 ms. So what arrives is handed to it in portions, and a head that is over the
// limit never gets there.
import type { Socket } from 'node:net';
import { headerBytesMax } from './egress-limits.js';

/** Trailers may come with any chunk: so much of them is looked at in vain. */
const chunkedBytesMax = 4 * 1024;

/** What an open socket hands to its reader. A part of the answer is announced before it is read. */
export class SocketPortions {
  private headBytesLeft = Infinity;
  private portionMax = Infinity;
  private tooLarge: () => void = () => undefined;

  constructor(socket: Socket) {
    const read = socket.read.bind(socket);
    socket.read = (size?: number) => {
      if (size !== undefined || socket.readableLength === 0) return read(size) as Buffer | null;
      if (socket.destroyed) return null;
      if (this.headBytesLeft === 0) {
        this.tooLarge();
        return null;
      }
      const portion = read(Math.min(socket.readableLength, this.headBytesLeft, this.portionMax)) as Buffer | null;
      this.headBytesLeft -= portion?.length ?? 0;
      return portion;
    };
  }

  /** A status line and headers come next, interim answers among them; `tooLarge` is called when they have not ended in time. */
  head(tooLarge: () => void): void {
    this.headBytesLeft = headerBytesMax;
    this.portionMax = Infinity;
    this.tooLarge = tooLarge;
  }

  body(isChunked: boolean): void {
    this.headBytesLeft = Infinity;
    this.portionMax = isChunked ? chunkedBytesMax : Infinity;
  }
}
