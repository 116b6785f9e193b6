import { Injectable } from '@nestjs/common';
import { SpanKind } from '@opentelemetry/api';
import type { BrowserContext, Page } from 'puppeteer-core';
import { BrowserPool } from './browser-pool.js';
import { VisitFailed, type FillDriver, type FillSession } from './fill-driver.js';
import { formsAreMounted } from './page-forms.js';
import { PageSession } from './page-session.js';
import { EgressError } from '#libs/egress/src/egress-code.js';
import { EgressProxy, type OpenVisit } from '#libs/egress/src/egress-proxy.js';
import { inChildSpan } from '#libs/platform/src/telemetry/spans.js';

const openMsMax = 15_000;
const formsMsMax = 8_000;

/** Fills an app through its page, in a real browser: a context and a way out of its own for each visit. */
@Injectable()
export class BrowserDriver implements FillDriver {
  readonly name = 'browser';

  constructor(
    private readonly pool: BrowserPool,
    private readonly proxy: EgressProxy,
  ) {}

  open(appUrl: string): Promise<FillSession> {
    return inChildSpan('browser open page', { kind: SpanKind.CLIENT }, () => this.visit(appUrl));
  }

  private async visit(appUrl: string): Promise<FillSession> {
    const way = await this.openWay(appUrl);
    const opened = await this.pool.open(way.port).catch(async (error: unknown) => {
      await way.close();
      throw new VisitFailed('ours', false, `No browser could be opened: ${messageOf(error)}`);
    });
    const end = async () => {
      await opened.close();
      await way.close();
    };
    try {
      const page = await openPage(opened.context, way);
      await loadForms(page, appUrl, way);
      return traced(new PageSession(page, end));
    } catch (error) {
      await end();
      throw error instanceof VisitFailed
        ? error
        : new VisitFailed('ours', false, `The browser failed: ${messageOf(error)}`);
    }
  }

  private async openWay(appUrl: string): Promise<OpenVisit> {
    try {
      return await this.proxy.openFor([new URL(appUrl).origin]);
    } catch (error) {
      if (error instanceof EgressError) throw new VisitFailed(error.side, false, error.sentence);
      throw error;
    }
  }
}

async function openPage(context: BrowserContext, way: OpenVisit): Promise<Page> {
  const page = await context.newPage();
  await page.authenticate({ username: way.username, password: way.token });
  page.setDefaultTimeout(openMsMax);
  page.on('dialog', (dialog) => void dialog.dismiss().catch(() => undefined)); // the page may be gone by then
  page.on('popup', (popup) => void popup?.close().catch(() => undefined));
  return page;
}

async function loadForms(page: Page, appUrl: string, way: OpenVisit): Promise<void> {
  const response = await page
    .goto(`${appUrl}/`, { waitUntil: 'domcontentloaded', timeout: openMsMax })
    .catch((error: unknown) => {
      throw new VisitFailed(
        page.browser().connected ? 'yours' : 'ours',
        false,
        `The page could not be opened: ${messageOf(error)}`,
      );
    });
  const status = response?.status() ?? 0;
  const refusal = response?.headers()['x-lockstep-egress'];
  if (refusal) throw new VisitFailed('yours', false, `The app could not be reached (${refusal}).`);
  if (status < 200 || status > 299) throw new VisitFailed('yours', false, `The page answered ${status}.`);
  try {
    await page.waitForFunction(formsAreMounted, { timeout: formsMsMax, polling: 100 });
  } catch (error) {
    if (!page.browser().connected) throw error;
    const blocked =
      way.refused.length > 0 ? ` It asked for ${way.refused.length} things elsewhere, which were not let through.` : '';
    throw new VisitFailed('yours', true, `The page shows no forms to fill.${blocked}`);
  }
}

/** Each write in a span of its own, in the trace of its fill. */
const traced = (session: FillSession): FillSession => ({
  send: (payload, signal) =>
    inChildSpan(`browser submit ${payload.kind}`, { kind: SpanKind.CLIENT }, () => session.send(payload, signal)),
  close: () => session.close(),
});

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 160);
