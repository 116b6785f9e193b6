import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { hashPassword } from './password.js';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway.config.js';
import { AccountRepository } from '../persistence/account.repository.js';

/** At the very first start: one admin, with the password of ADMIN_PASSWORD or one made here and printed this once. */
@Injectable()
export class FirstAccount implements OnApplicationBootstrap {
  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
    private readonly accounts: AccountRepository,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { name, password, token } = this.config.admin;
    if ((await this.accounts.count()) === 0) await this.create(name, password);
    const account = token ? await this.accounts.findByName(name) : undefined;
    if (token && account) await this.accounts.ensureToken(account.accountId, token, 'ADMIN_TOKEN');
  }

  private async create(name: string, given: string | undefined): Promise<void> {
    const password = given ?? randomBytes(15).toString('base64url');
    const created = await this.accounts.create(name, 'admin', await hashPassword(password));
    if (created && !given)
      process.stdout.write(`First start. Staff sign in as ${name} with password ${password} (shown this once).\n`);
  }
}
