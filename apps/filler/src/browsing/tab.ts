import type { Browser, BrowserContext, CDPSession, Target } from 'puppeteer-core';
import { tellUnlessExpected } from './trouble.js';

/** One command to the browser; a page that blocks its own thread answers none. */
const commandMsMax = 5_000;

/** The document that a call was made for is gone: the page went elsewhere, and the call may be made again in what came after. */
export class DocumentGone extends Error {
  override readonly name = 'DocumentGone';
}

/**
 * One page of one context, over the DevTools protocol alone: of puppeteer's own page nothing is used, since that listens to everything
 * that a page can say (a console is endless).
 */
export class Tab {
  private world: number | undefined;

  private constructor(
    readonly cdp: CDPSession,
    private readonly frameId: string,
  ) {}

  static async open(browser: Browser, context: BrowserContext, onCrash: () => void): Promise<Tab> {
    const control = await browser.target().createCDPSession();
    const url = 'about:blank';
    const { targetId } = await control.send('Target.createTarget', { url, browserContextId: context.id! });
    const target = await context.waitForTarget((one) => one.type() === 'page', { timeout: commandMsMax });
    const cdp = await target.createCDPSession();
    await control.detach();
    // Not every Chromium knows --block-new-web-contents.
    context.on('targetcreated', (other) => void closeWindow(other).catch(tellUnlessExpected));
    cdp.once('Inspector.targetCrashed', onCrash);
    // The message is foreign, and nobody waits for it.
    cdp.on('Page.javascriptDialogOpening', () => void cdp.send('Page.handleJavaScriptDialog', { accept: false }).catch(() => undefined)); // prettier-ignore
    await Promise.all([
      cdp.send('Inspector.enable'),
      cdp.send('Page.enable'),
      cdp.send('Network.enable', { maxTotalBufferSize: 0, maxResourceBufferSize: 0, maxPostDataSize: 0 }),
    ]);
    // A worker of the page would answer in the app's place. Holds only while the domain is enabled.
    await cdp.send('Network.setBypassServiceWorker', { bypass: true });
    return new Tab(cdp, targetId);
  }

  /** The browser's word for why it could not be opened (`net::ERR_…`), or undefined. Ends with the first bytes of the document. */
  async navigate(url: string, msMax: number): Promise<string | undefined> {
    const { errorText } = await this.cdp.send('Page.navigate', { url }, { timeout: msMax });
    return errorText;
  }

  /** Runs one of page-forms.ts inside the page, in our own world, to its end. Throws DocumentGone, or what the browser says. */
  async call<Args extends readonly (string | null)[], Value>(
    run: (...args: Args) => Value,
    ...args: Args
  ): Promise<Awaited<Value>> {
    this.world ??= await this.newWorld();
    try {
      const { result, exceptionDetails } = await this.cdp.send(
        'Runtime.callFunctionOn',
        {
          functionDeclaration: run.toString(),
          executionContextId: this.world,
          arguments: args.map((value) => ({ value })),
          returnByValue: true,
          awaitPromise: true,
        },
        { timeout: commandMsMax },
      );
      if (exceptionDetails) throw new Error('our own code failed inside the page');
      return result.value as Awaited<Value>;
    } catch (error) {
      this.world = undefined;
      const isGone =
        /Cannot find (context|execution)|context was destroyed|navigated or closed|promise was collected/i.test(
          String(error),
        );
      throw isGone ? new DocumentGone() : error;
    }
  }

  private async newWorld(): Promise<number> {
    const how = { frameId: this.frameId, worldName: 'lockstep' };
    return (await this.cdp.send('Page.createIsolatedWorld', how, { timeout: commandMsMax })).executionContextId;
  }
}

/** Without its beforeunload, which may ask to stay. */
async function closeWindow(target: Target): Promise<void> {
  if (target.type() !== 'page') return;
  const cdp = await target.createCDPSession();
  const { targetInfo } = await cdp.send('Target.getTargetInfo');
  await cdp.send('Target.closeTarget', { targetId: targetInfo.targetId });
}
