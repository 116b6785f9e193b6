// Collects the body of one answer: counts it on the wire and again while it unpacks, and stops at the first limit.
// Small pieces are copied together: a body of one-byte chunks would otherwise cost a hundred times its size.
import { createGunzip, type Gunzip } from 'node:zlib';
import type { ByteAccount } from './byte-budget.js';
import { egressError, type EgressError } from './egress-code.js';
import type { RequestLimits } from './egress-limits.js';

const blockBytes = 16 * 1024;

export interface AnswerBodyOptions {
  readonly gzip: boolean;
  readonly limits: RequestLimits;
  readonly account: ByteAccount;
  readonly fail: (error: EgressError) => void;
  /** Stops and resumes the wire while unpacking lags behind. */
  readonly pause: () => void;
  readonly resume: () => void;
  readonly done: (body: Buffer) => void;
}

export class AnswerBody {
  wireBytes = 0;
  private pieces = 0;
  private readonly options: AnswerBodyOptions;
  private readonly gunzip: Gunzip | undefined;
  private blocks: Buffer[] = [];
  /** What small pieces are copied into: `blockStart` to `blockEnd` is not yet among `blocks`, the rest is free. */
  private block = Buffer.alloc(0);
  private blockStart = 0;
  private blockEnd = 0;
  private bodyBytes = 0;
  private closed = false;

  constructor(options: AnswerBodyOptions) {
    this.options = options;
    if (options.gzip) this.gunzip = this.startGunzip();
  }

  /** Takes the next bytes from the wire. */
  write(chunk: Buffer): void {
    if (this.closed) return;
    this.wireBytes += chunk.length;
    this.pieces += 1;
    const { wireBytesMax, piecesFree, pieceBytesMin } = this.options.limits;
    if (this.pieces > piecesFree && this.wireBytes < this.pieces * pieceBytesMin)
      return this.fail(egressError('tiny-chunks'));
    if (this.wireBytes > wireBytesMax)
      return this.fail(egressError('body-too-large', `over ${wireBytesMax} bytes on the wire`));
    if (!this.gunzip) this.collect(chunk);
    else if (!this.gunzip.write(chunk)) this.options.pause();
  }

  /** The wire has ended well; `done` follows when all is unpacked. */
  end(): void {
    if (this.closed) return;
    if (this.gunzip && this.wireBytes > 0) this.gunzip.end();
    else this.finish();
  }

  /** Lets go of everything; nothing is called afterwards. */
  close(): void {
    this.closed = true;
    this.gunzip?.destroy();
    this.options.account.close();
    this.blocks = [];
    this.block = Buffer.alloc(0);
  }

  private startGunzip(): Gunzip {
    const gunzip = createGunzip({ chunkSize: blockBytes });
    gunzip.on('data', (chunk: Buffer) => this.collect(chunk));
    gunzip.on('drain', this.options.resume);
    gunzip.on('end', () => this.finish());
    gunzip.on('error', (error) => this.fail(egressError('encoding-broken', error.message, error)));
    return gunzip;
  }

  private collect(chunk: Buffer): void {
    if (this.closed) return;
    const bytes = this.bodyBytes + chunk.length;
    const { bodyBytesMax, ratioMax, ratioFromBytes } = this.options.limits;
    // Of what has been unpacked, not of what has arrived: a bomb of 200 kB would be within its ratio until 20 MB of it are there.
    if (this.gunzip && bytes > ratioFromBytes && bytes > ratioMax * this.gunzip.bytesWritten) {
      return this.fail(egressError('compression-bomb', `more than ${ratioMax} times its size on the wire`));
    }
    if (bytes > bodyBytesMax) return this.fail(egressError('body-too-large', `over ${bodyBytesMax} bytes`));
    if (!this.options.account.hold(bytes)) return;
    this.bodyBytes = bytes;
    // A piece of a much larger read would keep all of that alive.
    if (chunk.length * 2 < chunk.buffer.byteLength) return this.copyIn(chunk);
    this.flush();
    this.blocks.push(chunk);
  }

  private copyIn(piece: Buffer): void {
    for (let at = 0; at < piece.length;) {
      if (this.blockEnd === this.block.length) {
        this.flush();
        this.block = Buffer.allocUnsafeSlow(blockBytes);
        this.blockStart = this.blockEnd = 0;
      }
      const copied = piece.copy(this.block, this.blockEnd, at);
      this.blockEnd += copied;
      at += copied;
    }
  }

  private flush(): void {
    if (this.blockEnd > this.blockStart) this.blocks.push(this.block.subarray(this.blockStart, this.blockEnd));
    this.blockStart = this.blockEnd;
  }

  private finish(): void {
    if (this.closed) return;
    this.flush();
    const [first = Buffer.alloc(0), ...more] = this.blocks;
    const body = more.length === 0 ? first : Buffer.concat(this.blocks, this.bodyBytes);
    this.close();
    this.options.done(body);
  }

  private fail(error: EgressError): void {
    if (this.closed) return;
    this.close();
    this.options.fail(error);
  }
}
