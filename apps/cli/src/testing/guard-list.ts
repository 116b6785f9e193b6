import { e2e, int, unit, type Guard } from './guard.js';
import { guardsOfCheaters } from './guards-of-cheaters.js';
import { guardsOfFreeze } from './guards-of-freeze.js';
import { guardsOfStrangers } from './guards-of-strangers.js';
import { guardsOfLabs } from './guards-of-labs.js';
import { guardsOfTheDoor } from './guards-of-the-door.js';
import { guardsOfWindows } from './guards-of-windows.js';
import { guardsOfVerdicts } from './guards-of-verdicts.js';

const applier = 'libs/messaging/test/applier.int-spec.ts';
const worker = 'libs/messaging/test/worker.int-spec.ts';
const log = 'libs/replication/test/numbered-log.int-spec.ts';
const locks = 'libs/replication/test/lock-keeper.int-spec.ts';
const broker = 'test/faults/broker.e2e-spec.ts';
const workers = 'test/faults/workers.e2e-spec.ts';
const door = 'apps/gateway/test/gateway.int-spec.ts';

export const guards: readonly Guard[] = [
  // the numbered log
  {
    guarantee: 'a row that commits late is never skipped',
    file: 'libs/replication/src/numbered-log.ts',
    line: 'from outbox where n is null order by position limit $1),',
    instead:
      'from outbox where n is null and position > (select coalesce(max(position), 0) from outbox where n is not null) order by position limit $1),',
    test: int(log, 'the numbered log gives a row that commits late a later number'),
  },
  {
    guarantee: 'rows are kept until the slowest reader has them',
    file: 'libs/replication/src/numbered-log.ts',
    line: 'select case when count(*) = cardinality($1::text[]) then min(n) else 0 end as n',
    instead: 'select coalesce(max(n), 0) as n',
    test: int(log, 'pruning waits for every reader'),
  },
  {
    guarantee: 'a holder of a lock that is silent is deposed',
    file: 'libs/replication/src/lock-keeper.ts',
    line: 'await this.deposeSilentHolder(client, name);',
    instead: '',
    test: int(locks, 'the keeper of locks deposes a holder that has been silent too long'),
  },
  {
    guarantee: 'only a silent holder is deposed',
    file: 'libs/replication/src/lock-keeper.ts',
    line: 'and holder.renewed_at < clock_timestamp() - make_interval(secs => $2 / 1000.0)',
    instead: 'and $2::float8 > 0',
    test: int(locks, 'the keeper of locks deposes a holder that has been silent too long, and leaves one'),
  },
  {
    guarantee: 'rows are admitted densely, whatever order they come in',
    file: 'libs/replication/src/pure/admission.ts',
    line: 'else if (row.n === last + 1 && ready.length < batchMax) {',
    instead: 'else if (ready.length < batchMax) {',
    test: unit('libs/replication/src/pure/admission.spec.ts', 'admission admits every row exactly once'),
  },
  // the bus
  {
    guarantee: 'an event exists if and only if its transaction commits',
    file: 'libs/messaging/src/outbox.ts',
    line: "tx.beforeCommit('outbox', async () => {",
    instead: "tx.afterCommit('never', async () => {",
    test: int('libs/messaging/test/outbox.int-spec.ts', 'sending writes the events of a transaction in their order'),
  },
  {
    guarantee: 'an event that was applied is not applied again',
    file: 'libs/messaging/src/applier.ts',
    line: 'const fresh = events.filter((event) => event.n > before);',
    instead: 'const fresh = [...events];',
    test: int(applier, 'applying events applies what is new of a run that it has seen in part'),
  },
  {
    guarantee: 'nothing is applied across a hole',
    file: 'libs/messaging/src/applier.ts',
    line: 'if (fresh[0]!.n !== before + 1)',
    instead: 'if (before < 0)',
    test: int(applier, 'applying events refuses a run that does not follow on the cursor'),
  },
  {
    guarantee: 'an answer goes over the connection of its request',
    file: 'libs/messaging/src/answering.ts',
    line: 'if (message.reply && this.bus.losses > lossesBefore) return;',
    instead: '',
    test: int('libs/messaging/test/bus.int-spec.ts', 'gives an answer over no other connection'),
  },
  {
    guarantee: 'nothing of another log is applied',
    file: 'libs/messaging/src/applier.ts',
    line: 'if (fresh.some((event) => event.logId !== ours))',
    instead: 'if (!ours)',
    test: int(applier, 'applying events refuses rows of another log'),
  },
  {
    guarantee: 'the cursor moves with the effects',
    file: 'libs/messaging/src/applier.ts',
    line: 'with moved as (update cursor set n = $7, log_id = $8 where log = $6)',
    instead: 'with moved as (select $7::bigint, $8::uuid, $6::text)',
    test: int(applier, 'applying events applies a run once'),
  },
  {
    guarantee: 'later events of a held key wait behind it',
    file: 'libs/messaging/src/applier.ts',
    line: 'if (keys.has(event.key)) await hold',
    instead: 'if (keys.has(`${event.key}?`)) await hold',
    test: int(applier, 'applying events lets later events of a held key wait'),
  },
  {
    guarantee: 'trouble of the database counts as nobody’s attempt',
    file: 'libs/messaging/src/applier.ts',
    line: "return trouble === 'away' || (trouble === 'contended' && this.patience.isLeftFor(what));",
    instead: 'return false && this.patience.isLeftFor(what + trouble);',
    test: int(applier, 'applying events counts no attempt when it is the database that fails'),
  },
  {
    guarantee: 'an event that the database always refuses does not stop its log',
    file: 'libs/messaging/src/applier.ts',
    line: "return trouble === 'away' || (trouble === 'contended' && this.patience.isLeftFor(what));",
    instead: 'return trouble !== undefined || this.patience.isLeftFor(what) === undefined;',
    test: int(applier, 'applying events suspects at last an event that the database refuses'),
  },
  {
    guarantee: 'an event that the catalogue does not know is kept',
    file: 'libs/messaging/src/applier.ts',
    line: 'return !this.parts.handlers.has(name) && catalogue.some((route) => route.contract.name === name);',
    instead: 'return !this.parts.handlers.has(name) && catalogue.length > 0;',
    test: int(applier, 'applying events keeps an event that its catalogue does not know'),
  },
  {
    guarantee: 'a log that is another one is not read on',
    file: 'libs/messaging/src/inbox-reader.ts',
    line: 'if (this.identity.isOf(arrival.logId)) this.shelf.put([arrival]);',
    instead: 'this.shelf.put([arrival]);',
    test: e2e('test/faults/backups.e2e-spec.ts', 'a database that is made anew'),
  },
  {
    guarantee: 'who changes a held event holds the cursor of its log',
    file: 'libs/messaging/src/held-events.ts',
    line: 'await lockCursor(tx, row.producer);',
    instead: '',
    test: int(applier, 'applying events leaves no event waiting for ever'),
  },
  {
    guarantee: 'a reader that is stopped while its lock is given to it ends',
    file: 'libs/messaging/src/inbox-reader.ts',
    line: 'if (stop.aborted) end(); // while the lock was being asked for',
    instead: '',
    test: int('libs/messaging/test/bus.int-spec.ts', 'ends a reader that is stopped while its lock is being given'),
  },
  {
    guarantee: 'what the road has lost is asked of the producer',
    file: 'libs/messaging/src/inbox-reader.ts',
    line: 'await this.fetchMissing(road, signal);',
    instead: 'await this.bell.wait(idleMs);',
    test: e2e('test/faults/delivery.e2e-spec.ts', 'messages that are dropped, a quarter'),
  },
  {
    guarantee: 'readers hear of a tail that the broker forgot',
    file: 'libs/messaging/src/relay-progress.ts',
    line: 'if (bus.connected) bus.connection.publish(subject.highWater(service), String(this.numbered));',
    instead: '',
    test: e2e(broker, 'a broker that is purged by an operator before anything was read'),
  },
  {
    guarantee: 'a publish that failed is repeated',
    file: 'libs/messaging/src/relay-progress.ts',
    line: 'this.sent = this.acknowledged;\n  }',
    instead: '}',
    test: e2e(broker, 'a broker that loses a stream to an operator'),
  },
  {
    guarantee: 'a stream that is gone is made anew',
    file: 'libs/messaging/src/relay.ts',
    line: "await streams.add({ name, subjects: [subject.event(this.service, '>')], ...streamLimits });",
    instead: '',
    test: e2e(broker, 'a broker that is replaced by an empty one'),
  },
  {
    guarantee: 'an Idempotency-Key takes effect once',
    file: 'libs/messaging/src/answered-once.ts',
    line: 'if (taken.length === 0) return earlierAnswer(tx, name, asked, bodyHash);',
    instead: '',
    test: int(door, 'the public door takes the same submission with the same Idempotency-Key once'),
  },
  {
    guarantee: 'a claim that was lost records nothing',
    file: 'libs/messaging/src/work.ts',
    line: 'where work.id = claimed.id and work.fence = claimed.fence and work.asked = claimed.asked returning ask::int',
    instead: 'where work.id = claimed.id and work.asked = claimed.asked returning ask::int',
    test: int(worker, 'work is recorded by nobody whose claim was lost'),
  },
  {
    guarantee: 'nothing is written under a claim that was lost',
    file: 'libs/messaging/src/work.ts',
    line: 'join work on work.id = claimed.id and work.fence = claimed.fence',
    instead: 'join work on work.id = claimed.id',
    test: int(worker, 'work is recorded by nobody whose claim was lost'),
  },
  {
    guarantee: 'nobody who shares a transaction suffers for another',
    file: 'libs/messaging/src/shared-transactions.ts',
    line: 'if (asked.length === 1 || isNobodys)',
    instead: 'if (asked.length >= 1 || isNobodys)',
    test: int(worker, 'is recorded for all others when one cannot be'),
  },
  {
    guarantee: 'who takes a claim over is told from who had it',
    file: 'libs/messaging/src/work.ts',
    line: "$2 * interval '1 millisecond', fence = fence + 1,",
    instead: "$2 * interval '1 millisecond', fence = fence,",
    test: e2e(workers, 'in the middle of its work a comparator is stopped'),
  },
  {
    guarantee: 'a claim ends with what is put back',
    file: 'libs/messaging/src/work.ts',
    line: 'update work set lease_until = null, fence = fence + 1, note = $4',
    instead: 'update work set lease_until = null, note = $4',
    test: int(worker, 'work that was put back is not put back again'),
  },
  {
    guarantee: 'work whose workers never come back is given up',
    file: 'libs/messaging/src/work.ts',
    line: 'attempts = attempts + (lease_until is not null)::int',
    instead: 'attempts = attempts',
    test: int(worker, 'work whose workers never come back'),
  },
  {
    guarantee: 'work that is asked for again while it runs is done once more',
    file: 'libs/messaging/src/work-queue.ts',
    line: ', asked = work.asked + 1`,',
    instead: '`,',
    test: int(worker, 'work is done once more when it was asked for'),
  },
  {
    guarantee: 'boot refuses a map that is not the catalogue’s',
    file: 'libs/messaging/src/map-check.ts',
    line: 'if (wrong.length > 0)',
    instead: 'if (wrong.length > 99)',
    test: unit('libs/messaging/src/map-check.spec.ts', 'the map of a service is refused'),
  },
  {
    guarantee: 'the pool is whole after a restart of Postgres',
    file: 'libs/platform/src/database.ts',
    line: 'onPoolCreated: repairPool,',
    instead: '',
    test: e2e('test/faults/database.e2e-spec.ts', 'the pools'),
  },
  // fills
  {
    guarantee: 'a write is marked sent before it can leave, and never sent again',
    file: 'apps/filler/src/part-filler.ts',
    line: 'if (!(await this.log.markSent(claim, write, driver))) return;',
    instead: '',
    test: e2e('test/faults/fill.e2e-spec.ts', 'a filler killed in the middle of a fill at fill:sent (pass 5, http)'),
  },
  {
    guarantee: 'what was told of a part stays true, whoever comes back with an answer',
    file: 'libs/messaging/src/worker-runner.ts',
    line: 'last: (tx) => mustHold(tx, this.row)',
    instead: 'last: async () => undefined',
    test: int(worker, 'work is recorded by nobody whose claim was lost'),
  },
  {
    guarantee: 'a signal ends no browser before its owner does: what was sent by it is recorded first',
    file: 'libs/local/src/browser-process.ts',
    line: 'handleSIGINT: false,',
    instead: '',
    test: int('libs/local/test/browser.int-spec.ts', 'decides itself what SIGINT means'),
  },
  {
    guarantee: 'a page cannot go around the proxy to loopback',
    file: 'apps/filler/src/browsing/browsers.ts',
    line: "proxyBypassList: ['<-loopback>'],",
    instead: 'proxyBypassList: [],',
    test: e2e('test/hostile/browser.e2e-spec.ts', 'a page that wants to reach others reaches none of them'),
  },
  // the way out
  {
    guarantee: 'no private address is reached by a name',
    file: 'libs/egress/src/egress-policy.ts',
    line: "if (reach !== 'public') return refuse('address-not-public', `${host} leads to ${address}, ${rule}`);",
    instead: '',
    test: int('test/hostile/egress-netns.int-spec.ts', 'a name that turns from a public address to metadata'),
  },
  {
    guarantee: 'the address that was connected is one that was checked',
    file: 'libs/egress/src/pinned-connect.ts',
    line: 'if (!addresses.some((address) => sameAddress(address, reached))) {',
    instead: 'if (addresses.length > 99) {',
    test: int('libs/egress/test/pinned-connect.int-spec.ts', 'a pinned connection to another address'),
  },
  {
    guarantee: 'a compression bomb is stopped early',
    file: 'libs/egress/src/answer-body.ts',
    line: 'if (this.gunzip && bytes > ratioFromBytes && bytes > ratioMax * this.gunzip.bytesWritten) {',
    instead: 'if (this.gunzip && bytes > 1e12) {',
    test: int('test/hostile/egress.int-spec.ts', 'a compressed body of 200 KB that unpacks to 200 MiB'),
  },
  ...guardsOfVerdicts,
  ...guardsOfTheDoor,
  ...guardsOfCheaters,
  ...guardsOfFreeze,
  ...guardsOfLabs,
  ...guardsOfWindows,
  ...guardsOfStrangers,
];
