import { defineEntity, p } from '@mikro-orm/postgresql';
import type { Figures } from '../domain/figures.js';
import type { Judged } from '../domain/judged.js';
import type { Overridden } from '../domain/override.js';
import type { Refusal } from '../domain/standing.js';
import type { EndpointParity } from '#libs/contracts/src/comparator.js';
import type { Downtime } from '#libs/contracts/src/leaderboard.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

const StandingSchema = defineEntity({
  name: 'StandingRow',
  tableName: 'standing',
  properties: {
    appId: p.uuid().primary(),
    known: p.boolean(),
    name: p.text(),
    team: p.text().nullable(),
    url: p.text(),
    joinedAt: p.datetime().columnType('timestamptz'),
    leftAt: p.datetime().columnType('timestamptz').nullable(),
    verdict: p.text().$type<Verdict>(),
    sentence: p.text(),
    saidAt: p.datetime().columnType('timestamptz').nullable(),
    endpoints: p.json<readonly EndpointParity[]>(),
    judged: p.json<Judged | null>().nullable(),
    rowsDifferent: p.integer(),
    acknowledged: p.integer(),
    lostAfterAck: p.integer(),
    refused: p.integer(),
    refusals: p.json<readonly Refusal[]>(),
    downtime: p.json<Downtime | null>().nullable(),
    windows: p.json<readonly Downtime[]>(),
    recent: p.json<readonly Verdict[]>(),
    recentAt: p.json<readonly string[]>(),
    comparedAt: p.datetime().columnType('timestamptz').nullable(),
    comparisonId: p.uuid().nullable(),
    inSyncSince: p.datetime().columnType('timestamptz').nullable(),
    traceId: p.text().nullable(),
    before: p.json<Figures | null>().nullable(),
    overridden: p.json<Overridden | null>().nullable(),
    rank: p.integer().nullable(),
    revision: p.bigint('number'),
  },
});
/** A domain Standing as a row, with its rank and the revision of its last change. */
export class StandingRow extends StandingSchema.class {}
StandingSchema.setClass(StandingRow);

export const entities = [StandingRow];
