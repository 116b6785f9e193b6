import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { LimitReached } from './limit-reached.js';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway.config.js';
import { LimitRepository, type Limit, type Use } from '../persistence/limit.repository.js';
import type { LimitLeft } from '#libs/contracts/src/gateway.js';
import { Problem } from '#libs/contracts/src/problem.js';

/** How many new apps one address may submit within an hour. Updates, and what staff submit, do not count. */
@Injectable()
export class NewAppLimit {
  private readonly limit: Limit;

  constructor(
    @Inject(GATEWAY_CONFIG) config: GatewayConfig,
    private readonly limits: LimitRepository,
  ) {
    this.limit = { name: 'new apps from one address', max: config.newAppsPerHour, minutes: 60 };
  }

  /**
   * Counts before it submits, so that many at once are no way around. What was not accepted has not counted, whoever failed; what may
   * have been has, and counts once, however often it is tried again with its key.
   */
  async within<T>(
    { address, key }: { readonly address: string; readonly key: string | undefined },
    reply: FastifyReply,
    submit: () => Promise<T>,
  ): Promise<{ accepted: T; newApps: LimitLeft }> {
    if (key && (await this.limits.hasCounted(this.limit, address, key)))
      return { accepted: await submit(), newApps: await this.left(address, reply) };
    const use = await this.limits.take(this.limit, address);
    this.tell(reply, use);
    if (!use.allowed) throw this.refusal(use);
    try {
      const accepted = await submit();
      if (key) await this.limits.counted(this.limit, address, key);
      return { accepted, newApps: this.leftOf(use) };
    } catch (error) {
      if (!mayBeAccepted(error)) {
        await this.limits.giveBack(this.limit, address);
        this.tell(reply, { ...use, left: use.left + 1 });
      } else if (key) await this.limits.counted(this.limit, address, key);
      throw error;
    }
  }

  /** What is left, before anything is submitted. */
  async left(address: string, reply: FastifyReply): Promise<LimitLeft> {
    const use = await this.limits.look(this.limit, address);
    if (use) this.tell(reply, use);
    else this.tellPolicy(reply);
    return use ? this.leftOf(use) : { ...this.whole, left: this.limit.max, resetsAt: null };
  }

  private get whole() {
    return { max: this.limit.max, withinMinutes: this.limit.minutes };
  }

  private leftOf({ left, resetsAt }: Use): LimitLeft {
    return { ...this.whole, left, resetsAt: resetsAt.toISOString() };
  }

  /** draft-ietf-httpapi-ratelimit-headers */
  private tell(reply: FastifyReply, { left, resetsInSeconds }: Use): void {
    this.tellPolicy(reply);
    void reply.header('ratelimit', `"new-apps";r=${left};t=${resetsInSeconds}`);
  }

  private tellPolicy(reply: FastifyReply): void {
    void reply.header('ratelimit-policy', `"new-apps";q=${this.limit.max};w=${this.limit.minutes * 60}`);
  }

  private refusal({ resetsAt, resetsInSeconds }: Use): LimitReached {
    const at = `${resetsAt.toISOString().slice(11, 16)} UTC`;
    return new LimitReached(
      `This address has submitted ${this.limit.max} new apps within an hour: 0 left, resets at ${at}.`,
      `Submit it after ${at}, or ask staff to submit it. Changing an app with its claim code works all the time.`,
      resetsInSeconds,
    );
  }
}

/** Every problem says that nothing was accepted, but this one. */
const mayBeAccepted = (error: unknown): boolean => !(error instanceof Problem) || error.type === 'outcome-unknown';
