import { Controller, Get, Header, HttpStatus, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Health } from './health.js';
import { OpenToAll } from './open-to-all.js';
import { Metrics } from './telemetry/metrics.js';

/** For the machine that runs us: alive (restart me if not), ready (send me work), and what is wrong. */
@OpenToAll()
@Controller()
export class HealthController {
  constructor(
    private readonly health: Health,
    private readonly metrics: Metrics,
  ) {}

  @Get('livez')
  live(@Res({ passthrough: true }) reply: FastifyReply) {
    if (!this.health.alive) void reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return { status: this.health.alive ? 'ok' : 'dead' };
  }

  @Get('readyz')
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const report = await this.health.report();
    if (report.status !== 'ok') void reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return report;
  }

  /** The old address: keeps its shape, `{"status":"ok"}` when all is well, and says what is not. */
  @Get('healthz')
  async healthz(@Res({ passthrough: true }) reply: FastifyReply) {
    return this.ready(reply);
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async text(): Promise<string> {
    return this.metrics.text();
  }
}
