import { Controller, Get } from '@nestjs/common';
import { ApiRoutes } from './api-routes.js';
import { KeepsFreeze } from '../accounts/freeze.guard.js';
import { Public } from '../accounts/staff.guard.js';

/** What there is to ask, for whoever has come without a map. */
@Public()
@KeepsFreeze()
@Controller('api')
export class ApiController {
  constructor(private readonly routes: ApiRoutes) {}

  @Get()
  list() {
    return { api: this.routes.list() };
  }
}
