import { ago, idOf } from './fixture-apps.js';
import type { FixtureLab } from './fixture-lab.js';
import { refuse } from './fixture-problems.js';
import { found, type Route } from './fixture-route.js';
import { windowId, windowShown } from './fixture-windows.js';

export const submitApp: Route[2] = ({ lab, body }) => {
  const { name, url, team, claimCode } = body as Record<string, string | undefined>;
  if (!/^https?:\/\//.test(url ?? ''))
    return refuse('validation', 'The request is not valid: url must begin with http:// or https://.', 'Correct the fields named above and send it again.', [{ path: 'url', message: 'must begin with http:// or https://' }]); // prettier-ignore
  if (/^https?:\/\/(10|192\.168)\./.test(url!))
    return refuse('url-not-allowed', `${url} is a private address.`, 'Use an address that everybody can reach, or ask staff to allow this one.'); // prettier-ignore
  const taken = lab.board.view().rows.find((row) => row.url === url);
  const owned = [...lab.claims].find(([, code]) => code === claimCode)?.[0];
  if (claimCode && !owned)
    return refuse('owner-token-wrong', 'The claim code belongs to no app.', 'Use the code that the first submission gave you, or submit without one.'); // prettier-ignore
  if (taken && taken.appId !== owned)
    return refuse('url-claimed', `${url} was submitted already.`, 'If it is yours, send the claim code you got then; else ask staff.'); // prettier-ignore
  const appId = owned ?? lab.newId();
  const code = owned ? null : `lk_${appId.slice(-6)}_mQ7xWz2RbT9sKd4v`;
  if (code) lab.claims.set(appId, code);
  const known = lab.board.row(appId) ?? { ...lab.board.row(idOf(8))!, appId, joinedAt: ago(0) };
  const pseudonym = pseudonymOf(lab, appId, known.name, body['pseudonym']);
  lab.board.change([{ ...known, name: pseudonym ?? name!, url: url!, team: pseudonym ? null : (team ?? null) }]);
  if (pseudonym) lab.realNames.set(appId, { name: name!, team: team ?? null });
  else lab.realNames.delete(appId);
  if (!owned && !lab.isSignedIn) lab.newApps += 1;
  const names = { name, pseudonym };
  return {
    status: owned ? 200 : 201,
    body: { appId, ...names, url, joinedAt: known.joinedAt, created: !owned, claimCode: code, newApps: null },
  };
};

/** Without a word about it, it stays as it is. */
const pseudonymOf = ({ realNames }: FixtureLab, appId: string, shown: string, given: unknown): string | null =>
  given === undefined ? (realNames.has(appId) ? shown : null) : (given as string | null);

const newAppsMax = 100;
export const newAppsLeft = ({ newApps }: FixtureLab) => ({
  ...{ max: newAppsMax, left: newAppsMax - newApps, withinMinutes: 60 },
  resetsAt: newApps === 0 ? null : ago(-2_700),
});

export const withdrawApp: Route[2] = ({ lab, parts: [appId], headers }) => {
  const code = headers['x-claim-code'];
  if (!lab.isSignedIn && lab.claims.get(appId!) !== code)
    return refuse('owner-token-wrong', 'This claim code does not belong to the app.', 'Use the code that its submission gave.'); // prettier-ignore
  lab.board.change([], { left: [appId!] });
  return { body: { appId, withdrawnAt: ago(0) } };
};

export const declareWindow: Route[2] = ({ lab, parts: [appId], body, headers }) => {
  if (!lab.isSignedIn && lab.claims.get(appId!) !== headers['x-claim-code'])
    return refuse('owner-token-wrong', 'This claim code does not belong to the app.', 'Use the code that its submission gave.'); // prettier-ignore
  const row = found(lab.board.row(appId!), 'app');
  return { status: 202, body: { windowId: windowId(row, false), appId, appName: row.name, seconds: body.seconds, declaredAt: ago(0) } }; // prettier-ignore
};

export const showWindow: Route[2] = ({ lab, parts: [id] }) => {
  const rows = lab.board.view().rows;
  const shown = rows.flatMap((row) => [true, false].map((isGood) => ({ row, isGood })));
  const { row, isGood } = found(shown.find((one) => windowId(one.row, one.isGood) === id), 'window'); // prettier-ignore
  return { body: windowShown(row, isGood) };
};
