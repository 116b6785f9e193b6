import type { Browser, BrowserContext } from 'puppeteer-core';
import { launchBrowser, type OpenBrowser } from '#libs/local/src/browser-process.js';

/** A browser is replaced after this many visits or this long: leaks of foreign pages end with it. */
const visitsPerBrowser = 50;
const browserMsMax = 600_000;

/**
 * Nothing reaches the network but through the proxy of a visit: the default proxy is a port where nobody listens, loopback and
 * link-local addresses are not exempt, and WebRTC may not go around it.
 */
const networkArgs = [
  '--proxy-server=http://127.0.0.1:1',
  '--proxy-bypass-list=<-loopback>',
  '--disable-quic',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--deny-permission-prompts',
  '--disable-features=WebBluetooth,WebUSB,Translate,ServiceWorker',
  '--js-flags=--max-old-space-size=256',
];

interface Hired {
  readonly opened: OpenBrowser;
  readonly since: number;
  visits: number;
  busy: number;
  retired: boolean;
}

/** One Chromium at a time for new visits, one context per visit; an old one ends when its last visit does. */
export class BrowserPool {
  private current: Promise<Hired> | undefined;
  private readonly all = new Set<Hired>();
  private closed = false;

  constructor(private readonly executable: string | undefined) {}

  /** A context whose every request goes through `proxyPort`. Throws when no browser can be started. */
  async open(proxyPort: number): Promise<{ context: BrowserContext; close(): Promise<void> }> {
    const hired = await this.hire();
    hired.visits += 1;
    hired.busy += 1;
    try {
      const context = await hired.opened.browser.createBrowserContext({
        proxyServer: `http://127.0.0.1:${proxyPort}`,
        proxyBypassList: ['<-loopback>'],
        downloadBehavior: { policy: 'deny' },
      });
      return { context, close: () => this.leave(hired, context) };
    } catch (error) {
      await this.leave(hired, undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.all].map((hired) => this.end(hired)));
  }

  private async hire(): Promise<Hired> {
    if (this.closed) throw new Error('the browsers are closed');
    const now = await this.current?.catch(() => undefined);
    if (now && this.isFit(now)) return now;
    if (now) this.retire(now);
    this.current = this.current && now === undefined ? this.current : this.launch();
    try {
      return await this.current;
    } catch (error) {
      this.current = undefined;
      throw error;
    }
  }

  private isFit({ opened, since, visits, retired }: Hired): boolean {
    return (
      !retired && opened.browser.connected && visits < visitsPerBrowser && performance.now() - since < browserMsMax
    );
  }

  private async launch(): Promise<Hired> {
    const opened = await launchBrowser(networkArgs, this.executable);
    const hired: Hired = { opened, since: performance.now(), visits: 0, busy: 0, retired: false };
    this.all.add(hired);
    opened.browser.once('disconnected', () => this.retire(hired));
    return hired;
  }

  private retire(hired: Hired): void {
    hired.retired = true;
    this.current = undefined;
    if (hired.busy === 0) void this.end(hired);
  }

  private async leave(hired: Hired, context: BrowserContext | undefined): Promise<void> {
    try {
      await context?.close();
    } catch {
      hired.retired = true; // a context that cannot be closed is in a browser that cannot be trusted any more
    }
    hired.busy -= 1;
    if (hired.retired && hired.busy === 0) await this.end(hired);
  }

  private async end(hired: Hired): Promise<void> {
    if (!this.all.delete(hired)) return;
    const { browser } = hired.opened;
    await hired.opened.close().catch(() => killGroup(browser));
  }
}

function killGroup(browser: Browser): void {
  browser.process()?.kill('SIGKILL');
}
