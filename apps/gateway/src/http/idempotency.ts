import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Problem } from '#libs/contracts/src/problem.js';

/** The `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header): the same key and body take effect once. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  const given = context.switchToHttp().getRequest<FastifyRequest>().headers['idempotency-key'];
  if (given === undefined) return undefined;
  if (typeof given !== 'string' || !/^[\x21-\x7e]{8,150}$/.test(given)) {
    throw new Problem('validation', 'The Idempotency-Key must be 8 to 150 visible characters.', 'Send a UUID.');
  }
  return given;
});
