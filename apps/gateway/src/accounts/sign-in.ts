import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hashPassword, verifyPassword } from './password.js';
import { Gate } from '../limits/gate.js';
import { LimitReached } from '../limits/limit-reached.js';
import { AccountRepository, guessesOfName, guessSubject, type Account } from '../persistence/account.repository.js';
import { LimitRepository, type Limit, type Use } from '../persistence/limit.repository.js';
import { Problem } from '#libs/contracts/src/problem.js';

/** Guesses from one address, whatever the names: a made-up name costs as much as a real one. */
const guessesOfAddress: Limit = { name: 'sign-in from one address', max: 30, minutes: 15 };
/** A hash takes 35 ms of a core and 19 MB: with two at once the boards of all others stay quick. */
const hashesMax = 2;
const hashesWaitingMax = 20;
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
  private readonly hashing = new Gate('sign-ins', hashesMax, hashesWaitingMax);

  constructor(
    private readonly accounts: AccountRepository,
    private readonly limits: LimitRepository,
  ) {}

  /** Every attempt counts before it is looked at: of many at once no more get through than one after the other. */
  async open(name: string, password: string, address: string): Promise<OpenSession> {
    refuseMore(await this.limits.take(guessesOfAddress, address), 'Signing in from this address');
    refuseMore(await this.limits.take(guessesOfName, guessSubject(name, address)), `Signing in as ${name}`);
    const account = await this.checkInTurn(name, password, address);
    await this.limits.giveBack(guessesOfAddress, address);
    await this.limits.forget(guessesOfName, guessSubject(name, address));
    const secret = randomBytes(32).toString('base64url');
    const expiresAt = await this.accounts.openSession(account.accountId, secret, sessionHours);
    return { account, secret, expiresAt };
  }

  close(secret: string): Promise<void> {
    return this.accounts.closeSession(secret);
  }

  /** Who is turned away unheard, since others sign in, has guessed nothing. */
  private async checkInTurn(name: string, password: string, address: string): Promise<Account> {
    try {
      return await this.hashing.run(() => this.check(name, password));
    } catch (error) {
      if (error instanceof LimitReached) {
        await this.limits.giveBack(guessesOfAddress, address);
        await this.limits.giveBack(guessesOfName, guessSubject(name, address));
      }
      throw error;
    }
  }

  private async check(name: string, password: string): Promise<Account> {
    const account = await this.accounts.findByName(name);
    const fits = await verifyPassword(password, account?.passwordHash ?? (await this.nobody));
    if (account && fits) return account;
    throw new Problem(
      'sign-in-failed',
      'Name or password is wrong.',
      'Try again. The first start printed the password; ./lockstep password makes a new one.',
    );
  }
}

function refuseMore({ allowed, resetsInSeconds }: Use, what: string): void {
  if (allowed) return;
  const minutes = Math.ceil(resetsInSeconds / 60);
  const when = minutes === 1 ? 'a minute' : `${minutes} minutes`;
  throw new LimitReached(`${what} has failed too often.`, `Try again in ${when}.`, resetsInSeconds);
}
