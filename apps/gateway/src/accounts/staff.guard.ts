import {
  createParamDecorator,
  Inject,
  Injectable,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { sessionCookie } from './session-cookie.js';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway.config.js';
import { visitorOf } from '../http/visitor.js';
import { AccountRepository, type Account } from '../persistence/account.repository.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { OPEN_TO_ALL, OpenToAll } from '#libs/platform/src/open-to-all.js';

const STAFF = Symbol('staff');
const accounts = new WeakMap<FastifyRequest, Account>();

/** Anybody may call this route. */
export const Public = OpenToAll;
/** Staff and admins only. */
export const Staff = () => SetMetadata(STAFF, true);
/** The account that called; undefined on public routes called by a visitor. */
export const callerOf = (request: FastifyRequest): Account | undefined => accounts.get(request);
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext) =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Who calls, and may he? A route that does not say `@Public()` or `@Staff()` is refused: forgetting is not a way in. */
@Injectable()
export class StaffGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly repository: AccountRepository,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const says = (what: symbol) =>
      this.reflector.getAllAndOverride<boolean | undefined>(what, [context.getHandler(), context.getClass()]) === true;
    const account = await this.identify(request);
    if (account) accounts.set(request, account);
    if (says(OPEN_TO_ALL) || (says(STAFF) && account)) return true;
    throw new Problem(
      'sign-in-needed',
      'This is for staff.',
      'Sign in at /staff, or send Authorization: Bearer with a token.',
    );
  }

  private async identify(request: FastifyRequest): Promise<Account | undefined> {
    const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (bearer) return this.repository.findByToken(bearer);
    const secret = sessionCookie(request, this.config.lab);
    if (!secret) return undefined;
    refuseForeignOrigin(request);
    return this.repository.findBySession(secret);
  }
}

/** A browser sends our cookie also when another site makes it call us. */
function refuseForeignOrigin(request: FastifyRequest): void {
  if (safe.has(request.method)) return;
  const origin = request.headers.origin;
  if (origin && URL.parse(origin)?.host === visitorOf(request).host) return;
  if (!origin && request.headers['sec-fetch-site'] === 'same-origin') return;
  throw new Problem(
    'origin-refused',
    'A signed-in request must come from this site.',
    'Open the page here and try again.',
  );
}
