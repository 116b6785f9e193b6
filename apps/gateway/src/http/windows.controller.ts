import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { IdempotencyKey } from './idempotency.js';
import { OwnerOrStaff, type OwnerOrStaffAsking } from './owner-or-staff.js';
import { Valid } from './valid.js';
import { Public } from '../accounts/staff.guard.js';
import { DeclareWindow, GetWindow, ListWindows, ReadEvidence, windowSecondsMin } from '#libs/contracts/src/windows.js';
import { Requests } from '#libs/messaging/src/requests.js';

const secondsMax = 1_800;
const Wanted = z.object({
  seconds: z
    .int('must be a whole number of seconds')
    .min(windowSecondsMin, `must be at least ${windowSecondsMin} seconds: a shorter window proves nothing`)
    .max(secondsMax, 'must be at most half an hour'),
});
const uuid = new Valid(z.uuid('must be an id'));

/** Windows: an app is watched while it is moved. */
@Controller('api/v1')
export class WindowsController {
  constructor(private readonly requests: Requests) {}

  /** By its owner, with the claim code in `x-claim-code`, or by staff. Accepted, not done: the window tells how far it is, once the filler has heard of it. */
  @Public()
  @Post('apps/:appId/windows')
  @HttpCode(202)
  declare(
    @Param('appId', uuid) appId: string,
    @Body(new Valid(Wanted)) { seconds }: z.output<typeof Wanted>,
    @OwnerOrStaff('declare a window for it') by: OwnerOrStaffAsking,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ) {
    return this.requests.ask(DeclareWindow, { appId, seconds, ...by }, { idempotencyKey });
  }

  @Public()
  @Get('apps/:appId/windows')
  list(@Param('appId', uuid) appId: string) {
    return this.requests.ask(ListWindows, { appId });
  }

  @Public()
  @Get('windows/:windowId')
  async show(@Param('windowId', uuid) windowId: string) {
    return (await this.requests.ask(GetWindow, { windowId })).window;
  }

  /** A file, byte for byte as it was made: what reads it must not write it anew. */
  @Public()
  @Get('windows/:windowId/evidence')
  async evidence(@Param('windowId', uuid) windowId: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const pieces: string[] = [];
    for (let offset: number | null = 0; offset !== null;) {
      const { text, next }: { text: string; next: number | null } = await this.requests.ask(ReadEvidence, {
        ...{ windowId, offset },
      });
      pieces.push(text);
      offset = next;
    }
    void reply
      .header('content-type', 'application/json; charset=utf-8')
      .header('content-disposition', `attachment; filename="lockstep-evidence-${windowId}.json"`);
    return Buffer.from(pieces.join(''));
  }
}
