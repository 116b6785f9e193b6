import type { Account } from '../persistence/account.repository.js';
import { Problem } from '#libs/contracts/src/problem.js';

/** Who asks for something that only an app's owner and staff may do; its owner is known by the claim code, which the owner of the data checks. */
export function ownerOrStaff(
  caller: Account | undefined,
  claimCode: string | undefined,
  what: string,
): { readonly by: string; readonly ownerToken?: string } {
  if (caller) return { by: caller.name };
  if (claimCode) return { by: 'owner', ownerToken: claimCode };
  throw new Problem(
    'owner-token-wrong',
    `Only its owner or staff can ${what}.`,
    'Send the claim code in the header x-claim-code.',
  );
}
