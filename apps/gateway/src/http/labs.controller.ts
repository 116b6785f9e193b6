import { Controller, Get, Inject } from '@nestjs/common';
import { KeepsFreeze } from '../accounts/freeze.guard.js';
import { Public } from '../accounts/staff.guard.js';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway.config.js';
import type { LabsView } from '#libs/contracts/src/labs.js';

/** The labs of this installation, as this one was told when it was started: of the others it knows nothing else. */
@Public()
@KeepsFreeze()
@Controller('api/v1/labs')
export class LabsController {
  constructor(@Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig) {}

  @Get()
  list(): LabsView {
    return { here: this.config.lab, labs: this.config.labs };
  }
}
