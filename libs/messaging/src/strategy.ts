import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom, throwError, type Observable } from 'rxjs';
import type { RequestHandler } from './answering.js';
import type { BoundHandler, EventHandler } from './handlers.js';
import { checkMap } from './map-check.js';
import { eventsTo, type ServiceName } from '#libs/contracts/src/catalogue.js';

/** What the strategy hands over when Nest has bound all handlers. */
export interface BoundService {
  readonly events: ReadonlyMap<string, BoundHandler>;
  readonly requests: ReadonlyMap<string, RequestHandler>;
}

/**
 * Nest's door to the bus: collects the methods marked `@Handles` and `@Answers`, refuses a map that is not the catalogue's,
 * and passes them on. What was received, committed and acknowledged is the inbox's and the answering's business.
 */
export class NatsStrategy extends Server implements CustomTransportStrategy {
  /** A handler's error must reach the inbox, which rolls back. Nest would otherwise log it and go on. */
  override readonly propagatesEventHandlerErrors = true;

  constructor(
    private readonly service: ServiceName,
    private readonly bound: (service: BoundService) => void,
  ) {
    super();
  }

  override addHandler(
    pattern: string,
    callback: MessageHandler,
    isEventHandler = false,
    extras: Record<string, unknown> = {},
  ): void {
    if (this.getHandlers().has(this.normalizePattern(pattern))) this.doubled.push(pattern);
    super.addHandler(pattern, callback, isEventHandler, extras);
  }
  private readonly doubled: string[] = [];

  listen(done: (error?: unknown) => void): void {
    try {
      checkMap(this.service, this.getHandlers(), this.doubled);
      this.bound({ events: this.eventHandlers(), requests: this.requestHandlers() });
      done();
    } catch (error) {
      done(error);
    }
  }

  /** The runtime is stopped after the HTTP server: see startService. */
  close(): void {}

  override on(): void {
    throw new Error('the bus tells its events elsewhere');
  }
  override unwrap<T>(): T {
    throw new Error('inject Bus');
  }

  private eventHandlers(): Map<string, BoundHandler> {
    return new Map(
      eventsTo(this.service).map(({ contract }) => [
        contract.name,
        { contract, handle: awaited(this.getHandlers().get(contract.name)!) as EventHandler },
      ]),
    );
  }

  private requestHandlers(): Map<string, RequestHandler> {
    return new Map(
      [...this.getHandlers()]
        .filter(([, handler]) => !handler.isEventHandler)
        .map(([name, handler]) => [name, awaited(handler)]),
    );
  }
}

/** Nest returns a promise of an observable; its single value or its error is what counts. */
const awaited =
  (handler: MessageHandler) =>
  async (data: unknown, tx: unknown): Promise<unknown> => {
    const result: unknown = await handler(data, tx);
    return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
  };

/** Without it Nest replaces every error of a handler by "Internal server error". */
@Catch()
export class PassErrors implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}
