import {
  consumersOf,
  operationsOfEveryService,
  producersFor,
  requestsFrom,
  requestsTo,
  services,
  type ServiceName,
} from '#libs/contracts/src/catalogue.js';

/** Every subject on the bus, and who may use it. The broker enforces the second half: a service's credentials open only its own. */
export const streamOf = (service: string): string => `EV_${service}`;
export const subject = {
  /** A fact, in the sender's stream. */
  event: (service: string, name: string) => `lockstep.ev.${service}.${name}`,
  /** A log's leader announces its highest number here, twice a second. */
  highWater: (service: string) => `lockstep.high.${service}`,
  /** Ask a producer for rows after a number. */
  replay: (service: string) => `lockstep.replay.${service}`,
  /** A reader tells its cursor. */
  told: (service: string) => `lockstep.told.${service}`,
  /** An instance tells the leader of its own service that there is something to number. */
  wake: (service: string) => `lockstep.wake.${service}`,
  /** A command or a query for the owner of the data. */
  ask: (service: string, name: string) => `lockstep.ask.${service}.${name}`,
  /** A command that staff send with a NATS client of their own. */
  staff: (name: string) => `lockstep.staff.${name}`,
  /** Finished spans on their way to the gateway's store; may be lost. */
  spans: 'lockstep.spans',
  /** The board has a new revision; may be lost. */
  boardChanged: 'lockstep.board.changed',
} as const;

export const inboxPrefix = (service: string): string => `_INBOX_${service}`;

export interface BrokerUser {
  readonly name: string;
  readonly publish: string[];
  readonly subscribe: string[];
}

/** What each broker user may do. Deleting or purging a stream is in nobody's list. */
export const brokerUsers = (): BrokerUser[] => [...services.map(serviceUser), staffUser()];

function serviceUser(service: ServiceName): BrokerUser {
  const producers = producersFor(service);
  const stream = streamOf(service);
  const publish = [
    subject.event(service, '>'),
    subject.highWater(service),
    subject.wake(service),
    subject.spans,
    ...producers.flatMap((producer) => [subject.replay(producer), subject.told(producer)]),
    ...requestsFrom(service).map((route) => subject.ask(route.to, route.contract.name)),
    '$JS.API.INFO',
    ...['CREATE', 'UPDATE', 'INFO'].map((verb) => `$JS.API.STREAM.${verb}.${stream}`),
    ...producers.flatMap((producer) => consumerApi(streamOf(producer), service)),
  ];
  const subscribe = [
    `${inboxPrefix(service)}.>`,
    subject.wake(service),
    subject.replay(service),
    subject.told(service),
    subject.ask(service, '>'),
    ...producers.map((producer) => subject.highWater(producer)),
    ...requestsTo(service)
      .filter((route) => route.from.includes('staff'))
      .map((route) => subject.staff(route.contract.name)),
  ];
  if (service === 'leaderboard') publish.push(subject.boardChanged);
  if (service === 'gateway') {
    publish.push(
      ...services.flatMap((other) => operationsOfEveryService.map((contract) => subject.ask(other, contract.name))),
    );
    subscribe.push(subject.spans, subject.boardChanged);
  }
  return { name: service, publish, subscribe };
}

const consumerApi = (stream: string, durable: string): string[] => [
  `$JS.API.STREAM.INFO.${stream}`,
  `$JS.API.CONSUMER.CREATE.${stream}.${durable}`,
  `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.${durable}`,
  `$JS.API.CONSUMER.INFO.${stream}.${durable}`,
  `$JS.API.CONSUMER.DELETE.${stream}.${durable}`,
  `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`,
  `$JS.ACK.${stream}.${durable}.>`,
];

function staffUser(): BrokerUser {
  return {
    name: 'staff',
    publish: requestsFrom('staff').map((route) => subject.staff(route.contract.name)),
    subscribe: ['_INBOX.>'],
  };
}

/** Who waits for rows of this log before they may be deleted. */
export const readersOf = (service: ServiceName): ServiceName[] => consumersOf(service);
