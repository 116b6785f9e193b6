/**
 * Every span and attribute name of ours, in one place; names that OpenTelemetry's conventions give come first.
 * Ids and counts only: a payload, a URL with a query, a person's text or a secret never becomes an attribute.
 */
export const attribute = {
  messagingSystem: 'messaging.system',
  destination: 'messaging.destination.name',
  operation: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
  messageId: 'messaging.message.id',
  consumerGroup: 'messaging.consumer.group.name',
  batchSize: 'messaging.batch.message_count',
  httpMethod: 'http.request.method',
  httpRoute: 'http.route',
  httpStatus: 'http.response.status_code',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  errorType: 'error.type',
  /** Number of the event in its producer's log. */
  logNumber: 'lockstep.log.n',
  service: 'lockstep.service',
  appId: 'lockstep.app.id',
  comparisonId: 'lockstep.comparison.id',
  fillNumber: 'lockstep.fill.number',
  targetRole: 'lockstep.target.role',
  verdict: 'lockstep.verdict',
  workKind: 'lockstep.work.kind',
  attempt: 'lockstep.attempt',
  /** How many did their part in one transaction. */
  sharedBy: 'lockstep.shared_by',
} as const;

export const spanName = {
  publish: (message: string) => `publish ${message}`,
  process: (message: string) => `process ${message}`,
  ask: (message: string) => `ask ${message}`,
  answer: (message: string) => `answer ${message}`,
  work: (kind: string) => `work ${kind}`,
  timer: (name: string) => `timer ${name}`,
  /**
   * A read that somebody else has asked for as well: its request stands in the trace of whoever came first. Or a transaction of several:
   * its statements stand in nobody's.
   */
  share: (what: string) => `share ${what}`,
} as const;
