import { randomBytes } from 'node:crypto';
import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { Valid } from './valid.js';
import { hashPassword } from '../accounts/password.js';
import { Caller, Staff } from '../accounts/staff.guard.js';
import { AccountRepository, type Account } from '../persistence/account.repository.js';
import type { NewPassword } from '#libs/contracts/src/gateway.js';
import { Problem } from '#libs/contracts/src/problem.js';

const Name = z.string().trim().min(1, 'must not be empty').max(40);

@Controller('api/v1/accounts')
export class AccountsController {
  constructor(private readonly accounts: AccountRepository) {}

  /** A new password, made here and told this once; whoever was signed in to the account is signed out. */
  @Staff()
  @Post(':name/password')
  @HttpCode(200)
  async replacePassword(@Param('name', new Valid(Name)) name: string, @Caller() caller: Account): Promise<NewPassword> {
    if (caller.role !== 'admin' && caller.name !== name)
      throw new Problem('not-allowed', 'Only an admin replaces the password of another account.', 'Ask an admin.');
    const password = randomBytes(15).toString('base64url');
    if (!(await this.accounts.replacePassword(name, await hashPassword(password))))
      throw new Problem('not-found', `There is no account called ${name}.`, 'Check the spelling.');
    return { name, password };
  }
}
