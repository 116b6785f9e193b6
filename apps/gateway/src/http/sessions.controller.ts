import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Valid } from './valid.js';
import { networkOf, visitorOf } from './visitor.js';
import { sessionCookie, setSessionCookie } from '../accounts/session-cookie.js';
import { KeepsFreeze } from '../accounts/freeze.guard.js';
import { SignIn } from '../accounts/sign-in.js';
import { Public } from '../accounts/staff.guard.js';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway.config.js';
import { AccountRepository } from '../persistence/account.repository.js';
import type { SignedIn } from '#libs/contracts/src/gateway.js';
import { Problem } from '#libs/contracts/src/problem.js';

const Credentials = z.object({
  name: z.string().trim().min(1, 'must not be empty').max(40),
  password: z.string().min(1, 'must not be empty').max(200),
});

@Controller('api/v1/session')
export class SessionsController {
  constructor(
    private readonly signIn: SignIn,
    private readonly accounts: AccountRepository,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  @Public()
  @Post()
  @HttpCode(200)
  async open(
    @Body(new Valid(Credentials)) { name, password }: z.output<typeof Credentials>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedIn> {
    const { account, secret, expiresAt } = await this.signIn.open(
      name,
      password,
      networkOf(visitorOf(request).address),
    );
    const maxAgeSeconds = Math.floor((expiresAt.getTime() - Date.now()) / 1_000);
    setSessionCookie(request, reply, this.config.lab, { secret, maxAgeSeconds });
    return { name: account.name, role: account.role, expiresAt: expiresAt.toISOString() };
  }

  @Public()
  @KeepsFreeze()
  @Get()
  async show(@Req() request: FastifyRequest): Promise<SignedIn> {
    const secret = sessionCookie(request, this.config.lab);
    const account = secret ? await this.accounts.findBySession(secret) : undefined;
    if (!account) throw new Problem('sign-in-needed', 'Nobody is signed in.', 'Sign in at /staff.');
    return { name: account.name, role: account.role, expiresAt: account.expiresAt.toISOString() };
  }

  @Public()
  @Delete()
  @HttpCode(204)
  async close(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const secret = sessionCookie(request, this.config.lab);
    if (secret) await this.signIn.close(secret);
    setSessionCookie(request, reply, this.config.lab, { secret: '', maxAgeSeconds: 0 });
  }
}
