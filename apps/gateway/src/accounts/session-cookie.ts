import type { FastifyReply, FastifyRequest } from 'fastify';
import { visitorOf } from '../http/visitor.js';
import { mainLab } from '#libs/contracts/src/labs.js';

/**
 * `__Host-` ties the cookie to this host and to https; plain http (a local lab) cannot have the prefix. A browser keeps cookies by host,
 * whatever the port: labs that share one would sign each other's staff out, had their cookies the same name.
 */
function nameFor(request: FastifyRequest, lab: string): string {
  const name = lab === mainLab ? 'lockstep' : `lockstep-${lab}`;
  return visitorOf(request).isHttps ? `__Host-${name}` : name;
}

export function sessionCookie(request: FastifyRequest, lab: string): string | undefined {
  const name = nameFor(request, lab);
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([key]) => key === name)?.[1];
}

export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  lab: string,
  { secret, maxAgeSeconds }: { secret: string; maxAgeSeconds: number },
): void {
  const secure = visitorOf(request).isHttps ? '; Secure' : '';
  void reply.header(
    'set-cookie',
    `${nameFor(request, lab)}=${secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}${secure}`,
  );
}
