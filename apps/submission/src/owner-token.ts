import { createHash } from 'node:crypto';
import { Problem } from '#libs/contracts/src/problem.js';

/** As it is stored: the token itself is known to its owner only. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Refuses a token that is another's. Without one it is staff who ask: the gateway holds accounts. */
export function mustBeOwner(app: { readonly ownerTokenHash: string }, ownerToken: string | undefined): void {
  if (ownerToken === undefined || hashOf(ownerToken) === app.ownerTokenHash) return;
  throw new Problem(
    'owner-token-wrong',
    'The claim code does not belong to this app.',
    'Use the code that its submission gave.',
  );
}
