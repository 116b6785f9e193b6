/**
 * The browsing process of the filler: the only one that speaks with a browser, and with pages that nobody has vouched for. It has no
 * credentials and sends no write; as soon as it is ready it is nobody that matters on this machine. It ends with the filler.
 */
import { setPriority } from 'node:os';
import { Browsers } from './browsers.js';
import { browsingLimits, type BrowsingSettings, type FromBrowsing, type ToBrowsing } from './messages.js';
import { Visits } from './visits.js';
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';
import { EgressProxy } from '#libs/egress/src/egress-proxy.js';
import { StallMeter } from '#libs/egress/src/stall-meter.js';
import { browserUser } from '#libs/local/src/unprivileged.js';

const niceness = 2;
const endMsMax = 4_000;

/** After the last file of ours has been read: below a directory of root's none could be. */
function becomeBrowserUser(): void {
  const { uid, gid } = browserUser;
  if (uid === undefined || gid === undefined) return;
  process.setgroups?.([]);
  process.setgid?.(gid);
  process.setuid?.(uid);
}

const say = (message: FromBrowsing): void => {
  if (process.connected) process.send?.(message);
};

const { allow, chromium, trustedKeys = [], limits: given } = JSON.parse(process.argv[2] ?? '') as BrowsingSettings;
const limits = { ...browsingLimits, ...given };
setPriority(niceness);
becomeBrowserUser();

const browsers = new Browsers(chromium, limits, trustedKeys);
const proxy = new EgressProxy({ policy: new EgressPolicy({ allow }) });
const visits = new Visits({ browsers, proxy, stalls: new StallMeter(), limits }, say);

// What a signal to the whole group means is the filler's to decide: it ends us by letting go.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('message', (message: ToBrowsing) => visits.hear(message));
process.once('disconnect', () => {
  setTimeout(() => process.exit(1), endMsMax);
  void browsers.close().finally(() => process.exit(0));
});
say({ said: 'ready' });
