import type { Lab } from './lab.js';

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** Speaks to the lab's gateway over HTTP, as a visitor or as staff. */
export class GatewayClient {
  private constructor(
    readonly url: string,
    private readonly token: string,
  ) {}

  static async of(lab: Lab): Promise<GatewayClient> {
    return new GatewayClient(await lab.hosted.get('gateway')!.getUrl(), lab.plan.gateway['ADMIN_TOKEN'] ?? '');
  }

  /** As staff, with the lab's token. */
  staff<Body>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> {
    return this.call(method, path, body, { authorization: `Bearer ${this.token}`, ...headers });
  }

  visitor<Body>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> {
    return this.call(method, path, body, headers);
  }

  private async call<Body>(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<Answer<Body>> {
    const init = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(`${this.url}${path}`, { method, headers: { ...type, ...headers }, ...init });
    const text = await response.text();
    const json = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
    return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as Body };
  }
}
