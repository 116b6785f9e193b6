import { call } from '../api.js';
import { bold, table } from '../terminal.js';
import { appLedger, type AppLedger, type LedgerFilter } from '#libs/contracts/src/gateway.js';
import type { ListedApp } from '#libs/contracts/src/submission.js';

/** Writes of each kind that are listed; the page of the app has all of them. */
const listedMax = 20;

/** What became of the writes to one app, and those that somebody should look at, the newest of each kind. */
export interface AppReport {
  readonly app: ListedApp;
  readonly ledger: Pick<AppLedger, 'sent' | 'seen' | 'missing'>;
  readonly lost: AppLedger['writes'];
  readonly doubled: AppLedger['writes'];
}

export async function appReport(app: ListedApp): Promise<AppReport> {
  const read = (only: LedgerFilter, limit: number) =>
    call(appLedger, 'GET', `/api/v1/apps/${app.appId}/ledger?only=${only}&limit=${limit}`);
  const { sent, seen, missing } = await read('not-acknowledged', 1);
  const isKnown = seen !== null;
  const lost = isKnown && seen.lost > 0 ? (await read('acknowledged-then-missing', listedMax)).writes : [];
  const doubled = isKnown && seen.doubled > 0 ? (await read('doubled', listedMax)).writes : [];
  return { app, ledger: { sent, seen, missing }, lost, doubled };
}

export function reportText({ app, ledger, lost, doubled }: AppReport): string {
  const listed = [...lost.map((write) => ['lost', write] as const), ...doubled.map((write) => ['doubled', write] as const)]; // prettier-ignore
  const rows = listed.map(([what, { number, marker, payload, driver, sighting, traceId }]) => [
    ...[what, `fill ${number}`, payload.kind, marker, driver],
    ...[seenText(sighting), traceId ?? ''],
  ]);
  const head = ['WHAT', 'FILL', 'KIND', 'MARKER', 'DRIVER', 'SEEN', 'TRACE'];
  return [
    `${bold(app.name)}  ${app.url}`,
    totalsText(ledger),
    ...(rows.length > 0 ? ['', table([head, ...rows])] : []),
  ].join('\n');
}

/** The first line of the page's send log, in the same words. */
export function totalsText({ sent, seen }: Pick<AppLedger, 'sent' | 'seen'>): string {
  const rest = `${number(sent.refused)} refused, ${number(sent.unknown)} unknown.`;
  if (!seen)
    return `The app acknowledged ${number(sent.acknowledged)} writes; ${rest} Whether they are still there is not known now: the comparator does not answer.`;
  const others = [
    ...(seen.behind > 0 ? [`${number(seen.behind)} not shown by the endpoints any more`] : []),
    ...(seen.waiting > 0 ? [`${number(seen.waiting)} not looked for yet`] : []),
    ...(seen.excused > 0 ? [`${number(seen.excused)} from before it joined or moved`] : []),
  ];
  const where = `${number(seen.visible)} ${seen.visible === 1 ? 'is' : 'are'} visible, ${number(seen.lost)} acknowledged then lost, ${number(seen.doubled)} doubled`;
  const all = `Of ${number(seen.acknowledged)} ${seen.acknowledged === 1 ? 'write' : 'writes'} the app acknowledged, ${where}; ${rest}`;
  return others.length > 0 ? `${all}\nThe others: ${others.join('; ')}.` : all;
}

function seenText(sighting: AppLedger['writes'][number]['sighting']): string {
  if (!sighting) return '';
  const { firstSeenAt, lastSeenAt, lostAt, doubledAt } = sighting;
  if (doubledAt) return `twice since ${doubledAt}`;
  return firstSeenAt ? `last seen ${lastSeenAt}, lost ${lostAt}` : `never seen, found missing ${lostAt}`;
}

const number = (count: number): string => count.toLocaleString('en');
