/**
 * What differences are typical of: mistakes that migrations make, by the name under which they are stored and counted. A title is a
 * noun for the card; a hint says where to look, never more than the differences show.
 */
export interface Mistake {
  readonly title: string;
  readonly hint: string;
}

export const mistakes = {
  'acknowledged-before-commit': {
    title: 'Acknowledged before the commit',
    hint: 'Look for an acknowledgement that is sent before the commit, or a dual write without an outbox: one store took the row, the other never saw it.',
  },
  'not-stored': {
    title: 'Not stored, or read from elsewhere',
    hint: 'Look for a route that answers without writing, or for reads that go to a store which never gets the writes.',
  },
  'stale-copy': {
    title: 'Stale copy at cutover',
    hint: 'Look for reads that were switched to a copy whose changes since the snapshot were never applied, or whose replication has stopped.',
  },
  'missed-backfill': {
    title: 'Missed backfill range',
    hint: 'Look for a backfill that began too late or leaves old rows out: a wrong first key, a filter, a page that was skipped. Where newer rows are numbered from the start, they may have taken the places of these.',
  },
  'keys-given-twice': {
    title: 'Keys given twice',
    hint: 'Look for numbering that began again after the rows were copied, and for an upsert by key: a new row that gets the id of an older one takes its place. Set the sequence beyond the highest id.',
  },
  'two-stores': {
    title: 'Two stores, unknown to each other',
    hint: 'Look for instances that are still on the old store while others are on the new one, or for a replica that takes writes: nothing carries the rows over.',
  },
  'incomplete-copy': {
    title: 'Incomplete copy',
    hint: 'Look for rows that the copy of the baseline left out, or for writes that the app refused: this lab asks for both.',
  },
  'missed-range': {
    title: 'Missed range',
    hint: 'Look for writes that were made between the snapshot and the switch, or a chunk of the backfill that failed and was not repeated.',
  },
  'lagging-replica': {
    title: 'Reads from a lagging replica',
    hint: 'Look for reads that go to a replica, a cache or a queue’s consumer which gets the writes later than they are acknowledged.',
  },
  'duplicate-delivery': {
    title: 'Delivered twice',
    hint: 'Look for a write that is delivered twice, as in a retry without an idempotency key, or a consumer that does not know what it has applied.',
  },
  'overlapping-backfill': {
    title: 'Backfill that overlaps live writes',
    hint: 'Look for rows that the backfill copied although live writes had already brought them: it needs the same key, and an upsert.',
  },
  'truncated-column': {
    title: 'Narrower column',
    hint: 'Look for a column, or a field of a message, that holds fewer characters than the old one and cuts in silence.',
  },
  'retyped-column': {
    title: 'Retyped column',
    hint: 'Look for a column or a serializer that has another type: a bigint or numeric that its driver gives as text, a number kept as a string.',
  },
  'dropped-column': {
    title: 'Column left out',
    hint: 'Look for a field that the new schema, the copy or a select list does not name.',
  },
  'changed-encoding': {
    title: 'Changed encoding',
    hint: 'Look for UTF-8 that is read or stored as another character set, or a column that takes no characters beyond three bytes.',
  },
  'changed-text': {
    title: 'Text that is rewritten',
    hint: 'Look for trimming, padding, changed case, another Unicode form or escaping on the way to the new store.',
  },
  'mapped-values': {
    title: 'Values mapped to others',
    hint: 'Look for an enumeration, or codes for it, that stand in another order on the two sides.',
  },
  'rounded-numbers': {
    title: 'Rounded numbers',
    hint: 'Look for a column, or a field of a message, that holds fewer digits than the old one: real or float where an integer was, a smaller integer that is cut off.',
  },
  'wrong-unit-of-time': {
    title: 'Wrong unit of time',
    hint: 'Look for times that were copied as seconds into what is read as milliseconds, or the other way round.',
  },
  'dates-of-the-copy': {
    title: 'Rows dated by their copy',
    hint: 'Look for a copy that leaves the times of rows out, so that a default stamps them all with its own.',
  },
  'converted-column': {
    title: 'Converted column',
    hint: 'Look for a column that is cut, converted or encoded in another way on its way to the new store.',
  },
  'another-answer': {
    title: 'Another answer',
    hint: 'Look for an error that is answered with status 200, or for fields that the reference app does not have.',
  },
  'time-zone-cast': {
    title: 'Time-zone cast',
    hint: 'Look for a timestamp that is cast to a date, or truncated to a day, in the zone of a session or server instead of UTC.',
  },
  'statistics-apart': {
    title: 'Statistics from another store',
    hint: 'Look for statistics that are read from another store, a cache or counters of their own instead of the rows.',
  },
  'reads-from-baseline': {
    title: 'Reads from the old store',
    hint: 'Look for reads that still go to the baseline, or a copy of it, instead of the app’s own store.',
  },
  away: {
    title: 'Not there',
    hint: 'Look whether the app runs, at this address, and what its log says at this time.',
  },
  failing: {
    title: 'Answers an error',
    hint: 'Look into the app’s log for the error that it answers instead of the rows.',
  },
  slow: {
    title: 'Too slow',
    hint: 'Look for what the route waits for: a lock that the migration holds, a query without an index, a pool without connections.',
  },
  'wrong-shape': {
    title: 'Answers in another shape',
    hint: 'Look for a page, an error or another wrapping that is answered with status 200 where the reference app answers its JSON.',
  },
  redirecting: {
    title: 'Answers a redirect',
    hint: 'Answer at this address: redirects are not followed.',
  },
} as const satisfies Record<string, Mistake>;

export type MistakeName = keyof typeof mistakes;
