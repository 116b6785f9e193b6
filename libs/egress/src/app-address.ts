// The address of an app as it is kept: whoever takes one from a user takes it by this, so that no door lets in what another refuses.
import { isRefusal } from './egress-code.js';
import type { EgressPolicy } from './egress-policy.js';
import { Problem } from '#libs/contracts/src/problem.js';

/** As in the contracts: letters of a path that are no ASCII become longer when they are written out. */
const addressCharsMax = 500;

/**
 * What a user gave → the address, written out and without a slash at its end. By its form alone: what the name resolves to is looked at
 * each time the app is called. Throws the problem `url-not-allowed`.
 */
export function readAppAddress(policy: EgressPolicy, given: string): string {
  const target = policy.readTargetUrl(given);
  if (isRefusal(target)) throw new Problem('url-not-allowed', target.sentence, target.fix);
  const address = `${target.origin}${target.basePath}`;
  if (address.length <= addressCharsMax) return address;
  const detail = `The address has more than ${addressCharsMax} characters when written out.`;
  throw new Problem('url-not-allowed', detail, 'Use a shorter path.');
}
