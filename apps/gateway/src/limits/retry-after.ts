import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { catchError, type Observable } from 'rxjs';
import { LimitReached } from './limit-reached.js';
import { Problem } from '#libs/contracts/src/problem.js';

/** A part that is away is back within seconds as a rule: services are started again by whoever runs them. */
const serviceDownSeconds = 2;

/** Says in `Retry-After` when it is worth trying again, where we know it. */
@Injectable()
export class RetryAfter implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      catchError((error: unknown) => {
        const seconds = secondsFor(error);
        const reply = context.switchToHttp().getResponse<FastifyReply>();
        if (seconds !== undefined && !reply.raw.headersSent) void reply.header('retry-after', String(seconds));
        throw error;
      }),
    );
  }
}

function secondsFor(error: unknown): number | undefined {
  if (error instanceof LimitReached) return error.retryAfterSeconds;
  return error instanceof Problem && error.document.status === 503 ? serviceDownSeconds : undefined;
}
