import { randomBytes } from 'node:crypto';
import { Controller } from '@nestjs/common';
import { readName } from './domain/names.js';
import { decideSubmission, shownAs, type Roster, type RosterApp, type Submission } from './domain/roster.js';
import { FillScheduler } from './fill-scheduler.js';
import { hashOf, mustBeOwner } from './owner-token.js';
import { AppRepository } from './persistence/app.repository.js';
import type { App } from './persistence/entities.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { pageOf } from '#libs/contracts/src/shapes.js';
import { AppSubmitted, AppWithdrawn, ListApps, SubmitApp, WithdrawApp } from '#libs/contracts/src/submission.js';
import { readAppAddress } from '#libs/egress/src/app-address.js';
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';
import { Answers } from '#libs/messaging/src/decorators.js';
import { Outbox } from '#libs/messaging/src/outbox.js';
import { uuidv7 } from '#libs/messaging/src/uuid.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Who takes part. */
@Controller()
export class SubmissionController {
  constructor(
    private readonly apps: AppRepository,
    private readonly policy: EgressPolicy,
    private readonly scheduler: FillScheduler,
    private readonly outbox: Outbox,
  ) {}

  @Answers(SubmitApp)
  async submit(data: DataOf<typeof SubmitApp>, tx: Tx) {
    const url = readAppAddress(this.policy, data.url);
    const tokenHash = data.ownerToken === undefined ? null : hashOf(data.ownerToken);
    const ownerToken = randomBytes(24).toString('base64url');
    await this.apps.lockRoster(tx);
    const decision = decideSubmission({ ...readNames(data), url, tokenHash }, await this.roster(tx, url, tokenHash), {
      appId: uuidv7(),
      ownerTokenHash: hashOf(ownerToken),
      now: tx.now,
    });
    if (decision.kind === 'refuse') throw new Problem(decision.problem, decision.detail, decision.next);
    await this.record(tx, decision.app);
    const created = decision.kind === 'join';
    return { ...answerOf(decision.app), created, ownerToken: created ? ownerToken : null };
  }

  @Answers(WithdrawApp)
  async withdraw({ appId, ownerToken, by }: DataOf<typeof WithdrawApp>, tx: Tx) {
    const app = await this.apps.find(tx, appId);
    if (!app || app.withdrawnAt)
      throw new Problem('not-found', 'No app with this id takes part.', 'Look the id up on the board.');
    mustBeOwner(app, ownerToken);
    app.withdrawnAt = tx.now;
    const at = tx.now.toISOString();
    this.outbox.send(tx, AppWithdrawn, { appId, by, at });
    return { appId, withdrawnAt: at };
  }

  @Answers(ListApps)
  async list({ withdrawn, forStaff, after }: DataOf<typeof ListApps>, tx: Tx) {
    const apps = await this.apps.page(tx, { withdrawn, forStaff, after });
    const page = pageOf(apps);
    const isMore = apps.length > page.length;
    return { apps: page, next: isMore ? page.at(-1)!.appId : null };
  }

  private async roster(tx: Tx, url: string, tokenHash: string | null): Promise<Roster> {
    const byToken = tokenHash === null ? null : await this.apps.findByToken(tx, tokenHash);
    const byUrl = await this.apps.findActiveByUrl(tx, url);
    return {
      byToken: byToken ? known(byToken) : undefined,
      byUrl: byUrl ? known(byUrl) : undefined,
      baselineUrls: await this.scheduler.baselineUrls(tx),
      activeApps: await this.apps.countActive(tx),
    };
  }

  private async record(tx: Tx, app: RosterApp): Promise<void> {
    await this.apps.save(tx, app);
    const { appId, url } = app;
    this.outbox.send(tx, AppSubmitted, {
      ...{ appId, ...shownAs(app), url, joinedAt: app.joinedAt.toISOString() },
      isPseudonym: app.pseudonym !== null,
    });
    await tx.flush();
    if (app.joinedAt.getTime() === tx.now.getTime()) await this.scheduler.welcome(tx);
  }
}

const known = ({ appId, name, team, pseudonym, url, ownerTokenHash, joinedAt, withdrawnAt }: App): RosterApp => ({
  ...{ appId, name, url, ownerTokenHash, joinedAt },
  team: team ?? null,
  pseudonym: pseudonym ?? null,
  withdrawnAt: withdrawnAt ?? null,
});

/** Who leaves the pseudonym empty wants none; one of which nothing would be seen is refused, or the name would be shown instead. */
function readNames({ name, team, pseudonym }: DataOf<typeof SubmitApp>): Omit<Submission, 'url' | 'tokenHash'> {
  const read = (given: string | null | undefined, what: string) => (given ? mustBeName(given, what) : null);
  const shown = pseudonym === undefined ? undefined : read(pseudonym, 'The pseudonym');
  return { name: mustBeName(name, 'The name'), team: read(team, 'The team'), pseudonym: shown };
}

function mustBeName(given: string, what: string): string {
  const read = readName(given, what);
  if ('problem' in read) throw new Problem('validation', read.problem, read.next);
  return read.name;
}

/** For its owner, so with the name that only staff see besides him. */
const answerOf = ({ appId, name, pseudonym, url, joinedAt }: RosterApp) => ({
  ...{ appId, name, pseudonym, url },
  joinedAt: joinedAt.toISOString(),
});
