import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { Problem } from '#libs/contracts/src/problem.js';
import type { Tx } from '#libs/platform/src/transaction.js';

export interface Asked {
  /** The Idempotency-Key that came with it. */
  readonly key: string;
  readonly request: string;
  readonly body: Uint8Array;
}

const keyCharsMax = 200;

/**
 * Runs a command once for its Idempotency-Key. The key is taken in the transaction of the effects: a second request with it waits
 * for the first, then gets its answer; with other data it is refused. An answer may hold a claim code, so it is kept sealed by the
 * key, of which only a hash is kept: who reads the table reads neither.
 */
export async function answeredOnce(tx: Tx, asked: Asked, run: () => Promise<unknown>): Promise<unknown> {
  if (asked.key.length > keyCharsMax) {
    throw new Problem(
      'validation',
      `The Idempotency-Key is longer than ${keyCharsMax} characters.`,
      'Send a shorter one.',
    );
  }
  const name = hash('name', asked.key).toString('hex');
  const bodyHash = hash('body', asked.body);
  const taken = await tx.query(
    `insert into answered (key_hash, request, request_hash) values ($1, $2, $3) on conflict do nothing returning 1`,
    [name, asked.request, bodyHash],
  );
  if (taken.length === 0) return earlierAnswer(tx, name, asked, bodyHash);
  const reply = await run();
  await tx.query('update answered set reply = $2 where key_hash = $1', [name, seal(asked.key, JSON.stringify(reply))]);
  return reply;
}

async function earlierAnswer(tx: Tx, name: string, asked: Asked, bodyHash: Buffer): Promise<unknown> {
  const [row] = await tx.query<{ request: string; hash: Buffer; reply: Buffer }>(
    'select request, request_hash as hash, reply from answered where key_hash = $1',
    [name],
  );
  if (row?.request === asked.request && bodyHash.equals(row.hash)) return JSON.parse(unseal(asked.key, row.reply));
  throw new Problem(
    'idempotency-mismatch',
    'This Idempotency-Key was used with another request.',
    'Use a new key for a new request.',
  );
}

const hash = (purpose: string, data: string | Uint8Array): Buffer =>
  createHash('sha256').update(`lockstep ${purpose}\0`).update(data).digest();
const nonceBytes = 12;
const tagBytes = 16;

function seal(key: string, text: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', hash('seal', key), nonce, { authTagLength: tagBytes });
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

function unseal(key: string, sealed: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', hash('seal', key), sealed.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString('utf8');
}
