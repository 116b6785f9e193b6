import { ago, idOf, traceOf } from './fixture-apps.js';
import { markerOf } from './fixture-differences.js';
import type { Sighting } from '#libs/contracts/src/comparator.js';
import type { WritePayload } from '#libs/contracts/src/filler.js';
import type { AppLedger } from '#libs/contracts/src/gateway.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';

type Write = AppLedger['writes'][number];

/** The ledger of an app, in the shape of the gateway and the words of the filler; the newest write has the highest number. */

const outcomes: Write['outcome'][] = [
  'acknowledged',
  'acknowledged',
  'acknowledged',
  'refused',
  'acknowledged',
  'acknowledged',
  'unknown',
];
const writesTotal = 544;
const nothingSent = {
  ...{ sent: { acknowledged: 0, refused: 0, unknown: 0, skipped: 0 }, seen: null, writes: [], next: null },
};
const seenTotals = ({ lostAfterAck }: BoardRow, doubled: number) => {
  const [acknowledged, behind, waiting] = [528, 118, 12];
  const visible = acknowledged - behind - waiting - lostAfterAck;
  return { acknowledged, visible, lost: lostAfterAck, behind, waiting, excused: 0, doubled };
};

/** An app that nobody ever wrote to has an empty log, whether it takes part or not. */
export function ledgerOf(row: BoardRow | undefined, query: URLSearchParams): AppLedger {
  if (!row || row.comparedAt === null) return { ...nothingSent, missing: [] };
  const doubled = row.endpoints.reduce((sum, endpoint) => sum + endpoint.doubled, 0);
  const all = Array.from({ length: writesTotal }, (_, index) => write(writesTotal - index, row.lostAfterAck, doubled));
  const chosen = all.filter((one) => filters[query.get('only') ?? '']?.(one) ?? true);
  const [from, limit] = [Number(query.get('before') ?? 0), Number(query.get('limit') ?? 60)];
  return {
    sent: { acknowledged: 528, refused: 9, unknown: 3, skipped: 4 },
    seen: seenTotals(row, doubled),
    writes: chosen.slice(from, from + limit),
    next: from + limit < chosen.length ? String(from + limit) : null,
    missing: [],
  };
}
const filters: Record<string, (write: Write) => boolean> = {
  'not-acknowledged': ({ outcome }) => outcome !== 'acknowledged',
  'acknowledged-then-missing': ({ sighting }) => sighting?.state === 'lost',
  doubled: ({ sighting }) => Boolean(sighting?.doubledAt),
};

/** Newest first: the last fill has not been looked for; then the lost entries, of which every third was never seen; then the doubled. */
function sightingOf(n: number, marker: string, lost: number, doubled: number): Sighting {
  const age = writesTotal - n;
  const entry = n % 3 === 0 ? Math.floor(age / 3) : Infinity;
  const one = { marker, fill: Math.ceil(n / 12), firstSeenAt: ago(age * 400 - 60), lastSeenAt: ago(30), lostAt: null, doubledAt: null }; // prettier-ignore
  if (entry < lost)
    return {
      ...{ ...one, state: 'lost', lostAt: ago(90) },
      ...(entry % 3 === 0 ? { firstSeenAt: null, lastSeenAt: null } : { lastSeenAt: ago(240) }),
    };
  if (entry < lost + doubled) return { ...one, state: 'visible', doubledAt: ago(640) };
  if (age < 12) return { ...one, state: 'waiting', firstSeenAt: null, lastSeenAt: null };
  if (age > 300) return { ...one, state: 'behind', lastSeenAt: ago(50_000) };
  return { ...one, state: 'visible', lostAt: age === 25 ? ago(4_000) : null };
}

const write = (n: number, lost: number, doubled: number): Write => {
  const value = 527_000_000 + n;
  const marker = n % 3 === 2 ? `#${n % 4 === 0 ? -value : value}` : markerOf(writesTotal - n);
  const isNamed = n % 3 === 0 && Math.floor((writesTotal - n) / 3) < lost + doubled;
  const outcome = isNamed ? 'acknowledged' : outcomes[n % outcomes.length]!;
  return {
    ...{
      writeId: idOf(5_000 + n),
      index: n % 12,
      marker,
      payload: payloadsOf(n, marker, value)[n % 3]!,
      outcome,
      number: Math.ceil(n / 12),
    },
    status: outcome === 'acknowledged' ? 200 : outcome === 'refused' ? 503 : null,
    reason:
      outcome === 'refused'
        ? 'It answered 503.'
        : outcome === 'unknown'
          ? 'No answer was seen, and the row was not found.'
          : null,
    sentAt: ago((writesTotal - n) * 400),
    answeredAt: outcome === 'unknown' ? null : ago((writesTotal - n) * 400 - 0.08),
    driver: n % 12 < 4 ? 'browser' : 'http',
    traceId: traceOf(5),
    sighting: outcome === 'acknowledged' ? sightingOf(n, marker, lost, doubled) : null,
  };
};

function payloadsOf(n: number, marker: string, value: number): WritePayload[] {
  const edges: WritePayload[] = [
    { kind: 'entry', edge: 'right-to-left', text: `${marker} שלום, 3 דברים טובים` },
    { kind: 'mood', edge: 'empty-note', mood: 'calm', note: marker },
    { kind: 'value', edge: 'negative', value: -value },
  ];
  return n % 4 === 0
    ? edges
    : [
        { kind: 'entry', text: `${marker} Thankful for the first coffee of the day when I least expected it.` },
        { kind: 'mood', mood: 'calm', note: `${marker} <b>After</b> the rain` },
        { kind: 'value', value },
      ];
}
