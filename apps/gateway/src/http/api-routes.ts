import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '#libs/contracts/src/problem.js';
import { sendProblem } from '#libs/platform/src/problem-filter.js';

interface Address {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/** What exists behind the door, as it was registered: for `GET /api`, and for whoever comes with a method that an address has not. */
@Injectable()
export class ApiRoutes {
  private readonly addresses = new Map<string, Address>();

  /** To be called before the first route is registered. */
  watch(server: FastifyInstance): void {
    server.addHook('onRoute', ({ url, method }) => {
      if (url.includes('*')) return;
      const address = this.addresses.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
      this.addresses.set(url, address);
      for (const one of [method].flat()) address.methods.add(one);
    });
    server.addHook('onRequest', (request, reply, done) => {
      if (!request.is404 || !this.refusesMethod(request, reply)) done();
    });
  }

  list(): { method: string; path: string }[] {
    return [...this.addresses]
      .filter(([path]) => path === '/api' || path.startsWith('/api/'))
      .flatMap(([path, { methods }]) => [...methods].map((method) => ({ method, path })))
      .filter(({ method }) => method !== 'HEAD')
      .toSorted((a, b) => a.path.localeCompare(b.path) || a.method.localeCompare(b.method));
  }

  /** True when the address exists, and this method does not: then it is answered here, with those that do. */
  refusesMethod(request: FastifyRequest, reply: FastifyReply): boolean {
    const path = request.url.split('?')[0]!;
    const methods = [...this.addresses.values()].flatMap((one) => (one.pattern.test(path) ? [...one.methods] : []));
    if (methods.length === 0 || methods.includes(request.method)) return false;
    const allow = methods.toSorted().join(', ');
    void reply.header('allow', allow);
    if (request.method === 'OPTIONS') {
      void reply.status(204).send();
      return true;
    }
    const problem = new Problem(
      'method-not-allowed',
      `${request.method} does not exist at this address.`,
      `Use ${allow}.`,
    );
    sendProblem(reply, problem.document);
    return true;
  }
}

const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:[^/]+/g, '[^/]+')}/?$`);
