import { Injectable } from '@nestjs/common';
import type { FillDriver, FillSession } from './fill-driver.js';
import { WriteSender } from './write-sender.js';
import { requestOf } from '../domain/write-request.js';

/** Fills an app through its API, one request after the other. */
@Injectable()
export class HttpDriver implements FillDriver {
  readonly name = 'http';

  constructor(private readonly sender: WriteSender) {}

  async open(appUrl: string): Promise<FillSession> {
    return {
      send: async (payload, signal) => {
        const { path, body } = requestOf(payload);
        const request = {
          kind: payload.kind,
          url: `${appUrl}${path}`,
          headers: { 'content-type': 'application/json', accept: 'application/json' },
          body: JSON.stringify(body),
        };
        return (await this.sender.send(request, signal)).result;
      },
      close: async () => {},
    };
  }
}
