import { Controller } from '@nestjs/common';
import { endOf, refuseWindow } from './domain/probe-windows.js';
import { mustBeOwner } from './owner-token.js';
import { AppRepository } from './persistence/app.repository.js';
import { WindowRepository } from './persistence/window.repository.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { DeclareWindow, ProbeWindowDeclared } from '#libs/contracts/src/windows.js';
import { Answers } from '#libs/messaging/src/decorators.js';
import { Outbox } from '#libs/messaging/src/outbox.js';
import { uuidv7 } from '#libs/messaging/src/uuid.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Who may have an app watched while it is moved. */
@Controller()
export class WindowsController {
  constructor(
    private readonly apps: AppRepository,
    private readonly windows: WindowRepository,
    private readonly outbox: Outbox,
  ) {}

  @Answers(DeclareWindow)
  async declare({ appId, seconds, ownerToken, by }: DataOf<typeof DeclareWindow>, tx: Tx) {
    const app = await this.apps.find(tx, appId);
    if (!app || app.withdrawnAt)
      throw new Problem('not-found', 'No app with this id takes part.', 'Look the id up on the board.');
    mustBeOwner(app, ownerToken);
    const refusal = refuseWindow(appId, await this.windows.lockOpen(tx), tx.now);
    if (refusal) throw new Problem(refusal.problem, refusal.detail, refusal.next);
    const windowId = uuidv7();
    await this.windows.add(tx, windowId, { appId, endsAt: endOf(tx.now, seconds) });
    const window = { windowId, appId, appName: app.name, seconds, declaredAt: tx.now.toISOString() };
    this.outbox.send(tx, ProbeWindowDeclared, { ...window, url: app.url, declaredBy: by });
    return window;
  }
}
