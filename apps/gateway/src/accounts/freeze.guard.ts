import { Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { callerOf } from './staff.guard.js';
import { FrozenBoard } from '../board/frozen-board.js';
import { Problem } from '#libs/contracts/src/problem.js';

const KEEPS_FREEZE = Symbol('keeps the freeze');

/** This route shows visitors nothing that became known after the freeze: it sees to that itself. */
export const KeepsFreeze = () => SetMetadata(KEEPS_FREEZE, true);

/**
 * While the scoreboard is frozen, visitors read only what says `@KeepsFreeze()`; every other public answer of the API is closed, since
 * it may tell what came after. Forgetting is not a leak. What they send (submissions, signing in) is taken as always.
 */
@Injectable()
export class FreezeGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly frozen: FrozenBoard,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const isRead = ['GET', 'HEAD'].includes(request.method) && request.url.startsWith('/api/');
    const hidden = this.frozen.for(callerOf(request) !== undefined);
    if (!hidden || !isRead) return true;
    const places = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(KEEPS_FREEZE, places) === true) return true;
    throw new Problem(
      'frozen',
      `The scoreboard is frozen at ${hidden.at}: this could tell what came after, so only staff can see it now.`,
      'Look at the board as it was; this is shown again when staff thaw it.',
    );
  }
}
