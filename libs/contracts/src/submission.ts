import { z } from 'zod';
import { command, event, query, type DataOf } from './contract.js';
import { activeAppsMax, actor, count, id, instant } from './shapes.js';

/** The submission service owns who takes part and when a fill is due. */

const name = z.string().trim().min(1).max(64);
const url = z.string().trim().min(1).max(500);

/**
 * An app takes part, or changed its name or address. The newest one wins. Name and team are what everybody may see: of an app under a
 * pseudonym nothing else leaves the submission service, but to staff who ask for it.
 */
export const AppSubmitted = event(
  'AppSubmitted',
  z.object({
    ...{ appId: id, name, team: name.nullable(), url, joinedAt: instant },
    /** Other names that it was shown by are to be forgotten. */
    isPseudonym: z.boolean().default(false),
  }),
  (data) => data.appId,
);

export const AppWithdrawn = event(
  'AppWithdrawn',
  z.object({ appId: id, by: actor, at: instant }),
  (data) => data.appId,
);

export const fillTarget = z.object({ targetId: id, role: z.enum(['baseline', 'shadow', 'app']), name, url });
export type FillTarget = z.infer<typeof fillTarget>;

/** Every app that may take part, baseline and shadow. */
const targetsMax = activeAppsMax + 2;

/** One seed for every target: baseline, shadow and apps receive the same writes. `number` counts fills from 1 without gaps. */
export const FillRequested = event(
  'FillRequested',
  z.object({
    fillId: id,
    number: z.int().positive(),
    seed: z.string().min(8).max(64),
    reason: z.enum(['start', 'schedule', 'staff']),
    by: actor,
    mode: z.enum(['all', 'random']),
    iterations: z.int().min(1).max(20),
    requestedAt: instant,
    targets: z.array(fillTarget).max(targetsMax),
  }),
  () => 'fills',
);

/**
 * Without `ownerToken` a new submission; with it, an update of the app that the token belongs to. `pseudonym`: shown instead of name and
 * team; left out, an update keeps what there is: nobody is shown by name because a script did not know the field.
 */
export const SubmitApp = command(
  'SubmitApp',
  z.object({ name, team: name.nullish(), pseudonym: name.nullish(), url, ownerToken: z.string().max(100).optional() }),
  z.object({
    ...{ appId: id, name, pseudonym: name.nullable(), url, joinedAt: instant },
    ...{ created: z.boolean(), ownerToken: z.string().nullable() },
  }),
);

/** By its owner (token) or by staff. Rows already judged stay; a withdrawn app is filled and compared no more. */
export const WithdrawApp = command(
  'WithdrawApp',
  z.object({ appId: id, ownerToken: z.string().max(100).optional(), by: actor }),
  z.object({ appId: id, withdrawnAt: instant }),
);

export const RequestFill = command(
  'RequestFill',
  z.object({ by: actor }),
  z.object({ fillId: id, number: z.int().positive(), targets: count }),
);

export const fillAutomation = z.object({
  on: z.boolean(),
  intervalSeconds: z.int().min(5).max(86_400),
  baselineUrl: url,
  nextFillAt: instant.nullable(),
  lastFill: z.object({ fillId: id, number: z.int(), requestedAt: instant }).nullable(),
});
export type FillAutomation = z.infer<typeof fillAutomation>;

export const SetFillAutomation = command(
  'SetFillAutomation',
  z.object({
    by: actor,
    on: z.boolean().optional(),
    intervalSeconds: z.int().min(5).max(86_400).optional(),
    baselineUrl: url.optional(),
  }),
  fillAutomation,
);
export const GetFillAutomation = query('GetFillAutomation', z.object({}), fillAutomation);

export const listedApp = z.object({
  appId: id,
  name,
  team: name.nullable(),
  url,
  joinedAt: instant,
  withdrawnAt: instant.nullable(),
  /** For staff only, of an app under a pseudonym: what it was submitted as. */
  real: z.object({ name, team: name.nullable() }).nullable(),
});
/**
 * One page of who takes part, in the order of joining; `withdrawn`: of all that ever did; `forStaff`: with the names behind pseudonyms.
 * `next`: ask for the rest with it as `after`; null when there is none.
 */
export const ListApps = query(
  'ListApps',
  z.object({ withdrawn: z.boolean().default(false), forStaff: z.boolean().default(false), after: id.optional() }),
  z.object({ apps: z.array(listedApp), next: id.nullable() }),
);
export type ListedApp = z.infer<typeof listedApp>;

export type FillRequestedData = DataOf<typeof FillRequested>;
