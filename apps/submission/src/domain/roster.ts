import { activeAppsMax } from '#libs/contracts/src/shapes.js';

/** An app as the roster knows it. `ownerTokenHash` is hex; the token itself is known to its owner only. */
export interface RosterApp {
  readonly appId: string;
  readonly name: string;
  readonly team: string | null;
  /** Shown instead of both; null when it is shown as what it is. */
  readonly pseudonym: string | null;
  readonly url: string;
  readonly ownerTokenHash: string;
  readonly joinedAt: Date;
  readonly withdrawnAt: Date | null;
}

export interface Submission {
  readonly name: string;
  readonly team: string | null;
  /** Undefined leaves it as it is. */
  readonly pseudonym?: string | null | undefined;
  readonly url: string;
  /** Hash of the token that was sent with it, or null. */
  readonly tokenHash: string | null;
}

/** What a new app would be called, in case it is one: chosen by the caller. */
export interface NewApp {
  readonly appId: string;
  readonly ownerTokenHash: string;
  readonly now: Date;
}

/** Who is there already. */
export interface Roster {
  /** The app that the sent token belongs to. */
  readonly byToken: RosterApp | undefined;
  /** The active app at that address. */
  readonly byUrl: RosterApp | undefined;
  readonly baselineUrls?: readonly string[];
  readonly activeApps?: number;
}

type Refusal = 'url-claimed' | 'url-not-allowed' | 'owner-token-wrong' | 'limit-reached';

export type SubmissionDecision =
  | { readonly kind: 'join'; readonly app: RosterApp }
  | { readonly kind: 'update'; readonly app: RosterApp }
  | {
      readonly kind: 'refuse';
      readonly problem: Refusal;
      readonly detail: string;
      readonly next: string;
    };

/**
 * May this submission in, and as what? A token moves its own app (also one that was withdrawn) to any address that is free; without
 * one, an address that is taken stays with its owner. The baseline is nobody's app: it would be filled twice.
 */
export function decideSubmission(submission: Submission, roster: Roster, fresh: NewApp): SubmissionDecision {
  const { byToken, byUrl, baselineUrls = [], activeApps = 0 } = roster;
  if (submission.tokenHash !== null && !byToken) {
    return refuse(
      'owner-token-wrong',
      'The claim code belongs to no app.',
      'Use the code that the first submission gave you, or submit without one.',
    );
  }
  if (byUrl && byUrl.appId !== byToken?.appId) {
    return refuse(
      'url-claimed',
      `${submission.url} was submitted already.`,
      'If it is yours, send the claim code you got then; else ask staff.',
    );
  }
  const { name, team, pseudonym, url } = submission;
  if (baselineUrls.includes(url))
    return refuse('url-not-allowed', `${url} is a baseline of this lab.`, 'Submit the address of your own app.');
  if ((!byToken || byToken.withdrawnAt) && activeApps >= activeAppsMax)
    return refuse(
      'limit-reached',
      `The lab is full: ${activeAppsMax.toLocaleString('en')} apps take part.`,
      'Ask staff.',
    );
  if (byToken) {
    const joinedAt = byToken.withdrawnAt ? fresh.now : byToken.joinedAt;
    const shown = { name, team, pseudonym: pseudonym === undefined ? byToken.pseudonym : pseudonym };
    return { kind: 'update', app: { ...byToken, ...shown, url, joinedAt, withdrawnAt: null } };
  }
  const app = {
    appId: fresh.appId,
    ...{ name, team, pseudonym: pseudonym ?? null },
    url,
    ownerTokenHash: fresh.ownerTokenHash,
    joinedAt: fresh.now,
    withdrawnAt: null,
  };
  return { kind: 'join', app };
}

const refuse = (problem: Refusal, detail: string, next: string): SubmissionDecision => ({
  kind: 'refuse',
  problem,
  detail,
  next,
});

/** What everybody may see of an app. A team of few would tell who is behind a pseudonym. */
export const shownAs = ({ name, team, pseudonym }: Names): { name: string; team: string | null } =>
  pseudonym ? { name: pseudonym, team: null } : { name, team: team ?? null };

interface Names {
  readonly name: string;
  readonly team?: string | null | undefined;
  readonly pseudonym?: string | null | undefined;
}
