import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hashPassword, verifyPassword } from './password.js';
import { AccountRepository, type Account } from '../persistence/account.repository.js';
import { Problem } from '#libs/contracts/src/problem.js';

/** Guesses of one name from one address before it has to wait. */
const failuresMax = 5;
const failureMinutes = 15;
const sessionHours = 12;

export interface OpenSession {
  readonly account: Account;
  readonly secret: string;
  readonly expiresAt: Date;
}

/** Name and password become a session. A wrong name costs as long as a wrong password. */
@Injectable()
export class SignIn {
  /** A hash that no password fits, of today's cost. */
  private readonly nobody = hashPassword(randomBytes(16).toString('hex'));

  constructor(private readonly accounts: AccountRepository) {}

  async open(name: string, password: string, address: string): Promise<OpenSession> {
    if ((await this.accounts.recentFailures(name, address, failureMinutes)) >= failuresMax) {
      throw new Problem(
        'limit-reached',
        `Signing in as ${name} has failed ${failuresMax} times.`,
        `Try again in ${failureMinutes} minutes.`,
      );
    }
    const account = await this.accounts.findByName(name);
    const fits = await verifyPassword(password, account?.passwordHash ?? (await this.nobody));
    if (!account || !fits) {
      await this.accounts.noteFailure(name, address);
      throw new Problem(
        'sign-in-failed',
        'Name or password is wrong.',
        'Try again. The first start printed the password; ./lockstep password makes a new one.',
      );
    }
    const secret = randomBytes(32).toString('base64url');
    const expiresAt = await this.accounts.openSession(account.accountId, secret, sessionHours);
    return { account, secret, expiresAt };
  }

  close(secret: string): Promise<void> {
    return this.accounts.closeSession(secret);
  }
}
