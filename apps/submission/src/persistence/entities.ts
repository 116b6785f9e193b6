import { defineEntity, p } from '@mikro-orm/postgresql';

const AppSchema = defineEntity({
  name: 'App',
  tableName: 'app',
  properties: {
    appId: p.uuid().primary(),
    name: p.text(),
    team: p.text().nullable(),
    pseudonym: p.text().nullable(),
    url: p.text(),
    ownerTokenHash: p.text(),
    joinedAt: p.datetime().columnType('timestamptz'),
    withdrawnAt: p.datetime().columnType('timestamptz').nullable(),
  },
});
export class App extends AppSchema.class {}
AppSchema.setClass(App);

const FillSchema = defineEntity({
  name: 'Fill',
  tableName: 'fill',
  properties: {
    fillId: p.uuid().primary(),
    number: p.integer(),
    reason: p.text(),
    actor: p.text(),
    requestedAt: p.datetime().columnType('timestamptz'),
    closedAt: p.datetime().columnType('timestamptz').nullable(),
  },
});
export class Fill extends FillSchema.class {}
FillSchema.setClass(Fill);

/** One row. `…SetBy` tells whether the environment or staff set a value: staff win. */
const AutomationSchema = defineEntity({
  name: 'Automation',
  tableName: 'automation',
  properties: {
    onlyRow: p.boolean().primary(),
    isOn: p.boolean(),
    intervalSeconds: p.integer(),
    intervalSetBy: p.text(),
    iterations: p.integer(),
    mode: p.text().$type<'all' | 'random'>(),
    baselineId: p.uuid(),
    baselineUrl: p.text(),
    baselineSetBy: p.text(),
    shadowId: p.uuid().nullable(),
    shadowUrl: p.text().nullable(),
    nextFillAt: p.datetime().columnType('timestamptz').nullable(),
  },
});
export class Automation extends AutomationSchema.class {}
AutomationSchema.setClass(Automation);

export const entities = [App, Fill, Automation];
