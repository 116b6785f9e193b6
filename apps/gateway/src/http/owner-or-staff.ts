import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../accounts/staff.guard.js';
import { Problem } from '#libs/contracts/src/problem.js';

export interface OwnerOrStaffAsking {
  readonly by: string;
  readonly ownerToken?: string;
}

/**
 * Who asks for something that only an app's owner and staff may do: `@OwnerOrStaff('withdraw an app')`. The owner is known by the claim
 * code in `x-claim-code`, which the owner of the data checks.
 */
export const OwnerOrStaff = createParamDecorator((what: string, context: ExecutionContext): OwnerOrStaffAsking => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const caller = callerOf(request);
  const claimCode = request.headers['x-claim-code'];
  if (caller) return { by: caller.name };
  if (typeof claimCode === 'string' && claimCode) return { by: 'owner', ownerToken: claimCode };
  throw new Problem(
    'owner-token-wrong',
    `Only its owner or staff can ${what}.`,
    'Send the claim code in the header x-claim-code.',
  );
});
