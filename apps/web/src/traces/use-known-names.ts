import { useMemo } from 'react';
import type { KnownNames } from './span-label.js';
import { useApps, useTimers } from '../api/queries.js';

/** Names for hosts and ids: the baseline, and the apps that take part. */
export function useKnownNames(): KnownNames {
  const apps = useApps().data;
  const baselineUrl = useTimers().data?.fill?.baselineUrl;
  return useMemo(() => {
    const hosts = new Map((apps ?? []).map(({ url, name }) => [hostOf(url), name]));
    if (baselineUrl) hosts.set(hostOf(baselineUrl), 'baseline');
    return { hosts, apps: new Map((apps ?? []).map(({ appId, name }) => [appId, name])) };
  }, [apps, baselineUrl]);
}

/** As spans have it: always with the port. */
function hostOf(address: string): string {
  const url = URL.parse(address);
  if (!url) return address;
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`;
}
