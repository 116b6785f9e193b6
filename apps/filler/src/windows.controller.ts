import { Controller } from '@nestjs/common';
import { WindowRepository, type KnownWindow } from './persistence/window.repository.js';
import { Remembered } from './remembered.js';
import { evidenceFor, stripCells } from './window-closing.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import { Problem } from '#libs/contracts/src/problem.js';
import {
  GetWindow,
  ListWindows,
  ReadEvidence,
  type ProbeWindow,
  type WindowHead,
} from '#libs/contracts/src/windows.js';
import { Answers } from '#libs/messaging/src/decorators.js';
import type { Tx } from '#libs/platform/src/transaction.js';
import type { Evidence } from '#libs/proof/src/evidence.js';
import { figuresOf, type ProofFigures } from '#libs/proof/src/judge.js';
import { stripOf } from '#libs/proof/src/strip.js';

/** Characters of one piece: escaped and in UTF-8 it fits into one answer. */
const pieceChars = 100_000;

/** What windows have shown, and their evidence. */
@Controller()
export class WindowsController {
  private readonly views = new Remembered<Seen>(1_000);
  private readonly files = new Remembered<Evidence>(5_000);

  constructor(private readonly windows: WindowRepository) {}

  @Answers(GetWindow)
  async show({ windowId }: DataOf<typeof GetWindow>, tx: Tx) {
    const window = await this.known(tx, windowId);
    const look = async () => openView(window, await this.windows.records(tx, window), tx.now);
    const seen = window.proof ? closedView(window) : await this.views.get(windowId, look);
    const { readEveryMs, writeEveryMs } = window.plan;
    return { window: { ...headOf(window, tx.now), ...seen, readEveryMs, writeEveryMs, head: window.head } };
  }

  @Answers(ListWindows)
  async list({ appId, limit }: DataOf<typeof ListWindows>, tx: Tx) {
    return { windows: (await this.windows.list(tx, appId, limit)).map((window) => headOf(window, tx.now)) };
  }

  @Answers(ReadEvidence)
  async evidence({ windowId, offset }: DataOf<typeof ReadEvidence>, tx: Tx) {
    const window = await this.known(tx, windowId);
    if (!window.proof)
      throw new Problem('conflict', 'This window is still open.', 'Its evidence is there when it is closed.');
    const { proof } = window;
    const make = async () => evidenceFor(await this.windows.records(tx, window), proof);
    const { text, head } = await this.files.get(windowId, make);
    if (head !== window.head)
      throw new Problem('not-found', 'The probes of this window are no longer kept.', 'They are kept for 7 days.');
    const end = offset + pieceChars;
    return { text: text.slice(offset, end), next: end < text.length ? end : null };
  }

  private async known(tx: Tx, windowId: string): Promise<KnownWindow> {
    const window = await this.windows.find(tx, windowId);
    if (!window) throw new Problem('not-found', 'There is no window with this id.', 'The page of the app lists them.');
    return window;
  }
}

type Seen = Pick<ProbeWindow, 'strip' | 'figures' | 'atMs'>;

const closedView = ({ proof, strip, plan }: KnownWindow): Seen => ({
  atMs: plan.lengthMs,
  strip: [...(strip ?? [])],
  figures: shown(proof!.figures),
});

function openView(window: KnownWindow, records: Parameters<typeof figuresOf>[1], now: Date): Seen {
  const atMs = Math.min(agoMs(window, now), window.plan.lengthMs + window.plan.afterMs);
  return {
    atMs,
    strip: stripOf(window.plan, records, seenUntil(atMs), stripCells),
    figures: shown(figuresOf(window.plan, records, seenUntil(atMs))),
  };
}

/** What was seen of the last moments is not on disk yet. */
const seenUntil = (atMs: number): number => Math.max(0, atMs - 4_000);

const shown = (figures: ProofFigures): ProbeWindow['figures'] => JSON.parse(JSON.stringify(figures)); // prettier-ignore

function headOf(window: KnownWindow, now: Date): WindowHead {
  const { windowId, appId, appName, url, declaredBy, declaredAt, opensAt, closedAt, proof, plan } = window;
  return {
    ...{ windowId, appId, appName, url, declaredBy, declaredAt, opensAt, closedAt, lengthMs: plan.lengthMs },
    ...{ state: stateOf(window, now), verdict: proof?.verdict ?? null, reasons: [...(proof?.reasons ?? [])] },
  };
}

function stateOf(window: KnownWindow, now: Date): WindowHead['state'] {
  if (window.closedAt) return 'closed';
  if (!window.opensAt) return 'due';
  return agoMs(window, now) < window.plan.lengthMs ? 'open' : 'looking';
}

const agoMs = ({ opensAt }: KnownWindow, now: Date): number =>
  opensAt ? Math.max(0, now.getTime() - Date.parse(opensAt)) : 0;
