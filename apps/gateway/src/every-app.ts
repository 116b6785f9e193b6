import { ListApps, type ListedApp } from '#libs/contracts/src/submission.js';
import type { Requests } from '#libs/messaging/src/requests.js';

/**
 * Everybody who takes part, page by page, in the order of joining: their number is limited by the owner (activeAppsMax). `forStaff`:
 * with the names behind pseudonyms.
 */
export async function everyApp(requests: Requests, { forStaff = false } = {}): Promise<ListedApp[]> {
  const apps: ListedApp[] = [];
  for (let after: string | null | undefined; after !== null;) {
    const page = await requests.ask(ListApps, { forStaff, ...(after ? { after } : {}) });
    apps.push(...page.apps);
    after = page.next ?? null;
  }
  return apps;
}
