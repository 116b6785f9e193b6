import type { BrowserContext } from 'puppeteer-core';
import { memoryOfGroups } from './memory.js';
import type { BrowsingLimits } from './messages.js';
import { inTime } from '../in-time.js';
import { launchBrowser, type OpenBrowser } from '#libs/local/src/browser-process.js';
import type { Chromium } from '#libs/local/src/chromium.js';

/**
 * Nothing reaches the network but through the proxy of a visit: the default proxy is a port where nobody listens, no name is resolved
 * here, loopback and link-local addresses are not exempt, and WebRTC may not go around it.
 */
const args = [
  '--proxy-server=http://127.0.0.1:1',
  '--proxy-bypass-list=<-loopback>',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
  '--disable-quic',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--deny-permission-prompts',
  '--block-new-web-contents',
  '--disable-features=WebBluetooth,WebUSB,Translate',
  '--js-flags=--max-old-space-size=256',
];
const niceness = 10;
const commandMsMax = 10_000;
const contextMsMax = 3_000;
const lookMs = 200;

/** A browser and the one visit that it has. */
export interface HiredBrowser {
  readonly browser: OpenBrowser['browser'];
  readonly context: BrowserContext;
  /** Aborted when the browser has ended, or holds more memory than a visit may; `reason` says which. */
  readonly ended: AbortSignal;
  /** `isWell` false: it is ended with everything in it. */
  giveBack(isWell: boolean): Promise<void>;
}

interface Kept {
  readonly opened: OpenBrowser;
  readonly group: number;
  readonly since: number;
  readonly visits: number;
}

/** Browsers, each with one visit at a time and replaced before it grows old. */
export class Browsers {
  private readonly idle = new Set<Kept>();
  private readonly all = new Set<OpenBrowser>();
  /** Of the visits that are open: what to do when their browser holds too much. */
  private readonly watched = new Map<number, () => void>();
  private watch: NodeJS.Timeout | undefined;
  private launching = 0;

  private readonly args: readonly string[];

  constructor(
    private readonly chromium: Chromium,
    private readonly limits: BrowsingLimits,
    trustedKeys: readonly string[],
  ) {
    const trust = trustedKeys.length > 0 ? [`--ignore-certificate-errors-spki-list=${trustedKeys.join(',')}`] : [];
    this.args = [...args, ...trust];
  }

  /** A context of its own in a browser of its own, whose every request goes through `proxyPort`. Throws when none can be started. */
  async hire(proxyPort: number): Promise<HiredBrowser> {
    const kept = await this.take();
    try {
      const context = await kept.opened.browser.createBrowserContext({
        proxyServer: `http://127.0.0.1:${proxyPort}`,
        proxyBypassList: ['<-loopback>'],
        downloadBehavior: { policy: 'deny' },
      });
      return this.hired(kept, context);
    } catch (error) {
      await this.end(kept.opened);
      throw error;
    }
  }

  async close(): Promise<void> {
    clearInterval(this.watch);
    await Promise.all([...this.all].map((opened) => this.end(opened)));
  }

  private async take(): Promise<Kept> {
    for (const kept of this.idle) {
      this.idle.delete(kept);
      if (this.isFit(kept)) return kept;
      void this.end(kept.opened);
    }
    if (this.all.size + this.launching >= this.limits.browsersMax) throw new Error('all browsers are taken');
    this.launching += 1;
    try {
      const opened = await launchBrowser(this.args, { chromium: this.chromium, niceness, commandMsMax });
      this.all.add(opened);
      return { opened, group: opened.browser.process()?.pid ?? 0, since: performance.now(), visits: 0 };
    } finally {
      this.launching -= 1;
    }
  }

  private hired(kept: Kept, context: BrowserContext): HiredBrowser {
    const ended = new AbortController();
    const gone = () => ended.abort('gone');
    const { browser } = kept.opened;
    browser.once('disconnected', gone);
    this.watchOver(kept.group, () => ended.abort('memory'));
    const leave = async (isWell: boolean) => {
      browser.off('disconnected', gone);
      this.watched.delete(kept.group);
      const isClean = isWell && !ended.signal.aborted && (await closes(context));
      if (isClean) await this.keep({ ...kept, visits: kept.visits + 1 });
      else await this.end(kept.opened, 'now');
    };
    let left: Promise<void> | undefined;
    return {
      browser,
      context,
      ended: ended.signal,
      giveBack: (isWell) => (left ??= leave(isWell)),
    };
  }

  private async keep(kept: Kept): Promise<void> {
    const held = memoryOfGroups(new Set([kept.group])).get(kept.group) ?? 0;
    if (!this.isFit(kept) || held > this.limits.keptBytesMax) return this.end(kept.opened);
    this.idle.add(kept);
    const late = setTimeout(() => void (this.idle.delete(kept) && this.end(kept.opened)), this.limits.idleMsMax);
    late.unref();
  }

  private isFit({ opened, since, visits }: Kept): boolean {
    const { visitsPerBrowser, browserMsMax } = this.limits;
    return opened.browser.connected && visits < visitsPerBrowser && performance.now() - since < browserMsMax;
  }

  private async end(opened: OpenBrowser, when: 'now' | 'in order' = 'in order'): Promise<void> {
    if (!this.all.delete(opened)) return;
    if (when === 'now') opened.kill();
    // What is left of one that does not close is ended, and its profile removed, all the same.
    await opened.close().catch(() => opened.kill());
  }

  private watchOver(group: number, onTooMuch: () => void): void {
    this.watched.set(group, onTooMuch);
    this.watch ??= setInterval(() => this.look(), lookMs).unref();
  }

  private look(): void {
    for (const [group, bytes] of memoryOfGroups(new Set(this.watched.keys())))
      if (bytes > this.limits.visitBytesMax) this.watched.get(group)?.();
  }
}

/** Whether the context could be closed in time: a browser that cannot do that cannot be trusted with another visit. */
async function closes(context: BrowserContext): Promise<boolean> {
  const closed = context.close().then(
    () => true,
    () => false,
  );
  return (await inTime(closed, contextMsMax)) ?? false;
}
