import { ListApps, type ListedApp } from '#libs/contracts/src/submission.js';
import type { Requests } from '#libs/messaging/src/requests.js';

/** Everybody who takes part, page by page, in the order of joining: their number is limited by the owner (activeAppsMax). */
export async function everyApp(requests: Requests): Promise<ListedApp[]> {
  const apps: ListedApp[] = [];
  for (let after: string | null | undefined; after !== null;) {
    const page = await requests.ask(ListApps, after ? { after } : {});
    apps.push(...page.apps);
    after = page.next ?? null;
  }
  return apps;
}
