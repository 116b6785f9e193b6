import type { FixtureLab } from './fixture-lab.js';
import { refuse } from './fixture-problems.js';
import { staff, type Route } from './fixture-route.js';
import type { PreviewedVerdict, RanksPreview } from '#libs/contracts/src/board-preview.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

/** Who would move: whoever gets in sync stands behind all who are, whoever gets anything else behind everybody. */
export function ranksAfter(
  { board }: FixtureLab,
  verdicts: readonly Pick<PreviewedVerdict, 'appId' | 'verdict'>[],
): RanksPreview {
  // prettier-ignore
  const { rows, frozen } = board.view();
  const said = new Map(verdicts.map(({ appId, verdict }) => [appId, verdict]));
  const isNew = (appId: string, verdict: Verdict) => said.has(appId) && said.get(appId) !== verdict;
  const ranked = rows.filter(({ rank }) => rank !== null).toSorted((a, b) => a.rank! - b.rank!);
  const places = ranked.map(({ rank }) => rank!);
  const stay = ranked.filter((row) => !isNew(row.appId, row.verdict));
  const news = rows.filter((row) => isNew(row.appId, row.verdict));
  const up = news.filter((row) => said.get(row.appId) === 'in-sync');
  const behind = stay.findLastIndex(({ verdict }) => verdict === 'in-sync') + 1;
  const after = [...stay.slice(0, behind), ...up, ...stay.slice(behind), ...news.filter((row) => !up.includes(row))];
  const moves = after.flatMap(({ appId, name, rank }, index) => {
    const to = places[index] ?? (places.at(-1) ?? 0) + index - places.length + 1;
    return to === rank ? [] : [{ appId, appName: name, rank: { from: rank, to } }];
  });
  return { moves, unchanged: after.length - moves.length, frozen: frozen && { at: frozen.at } };
}

/** The leaderboard is away: nobody knows. */
const known = (lab: FixtureLab, verdicts: Parameters<typeof ranksAfter>[1]) => {
  if (lab.board.missing.includes('leaderboard'))
    refuse('service-down', 'The leaderboard service is not running. Nothing was accepted.', 'Try again in a moment.');
  return { body: ranksAfter(lab, verdicts) };
};

export const ranksRoutes: readonly Route[] = [
  ['POST', /^\/api\/v1\/board\/preview$/, staff(({ lab, body }) => known(lab, body['verdicts'] as PreviewedVerdict[]))],
  [
    'GET',
    /^\/api\/v1\/batches\/([^/]+)\/preview$/,
    staff(({ lab, parts: [batchId] }) => known(lab, lab.batches.get(batchId!)?.comparisons ?? [])),
  ],
];
