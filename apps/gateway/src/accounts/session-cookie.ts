import type { FastifyReply, FastifyRequest } from 'fastify';
import { visitorOf } from '../http/visitor.js';

/** `__Host-` ties the cookie to this host and to https; plain http (a local lab) cannot have the prefix. */
const nameFor = (request: FastifyRequest): string => (visitorOf(request).isHttps ? '__Host-lockstep' : 'lockstep');

export function sessionCookie(request: FastifyRequest): string | undefined {
  const name = nameFor(request);
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([key]) => key === name)?.[1];
}

export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  secret: string,
  maxAgeSeconds: number,
): void {
  const secure = visitorOf(request).isHttps ? '; Secure' : '';
  void reply.header(
    'set-cookie',
    `${nameFor(request)}=${secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}${secure}`,
  );
}
