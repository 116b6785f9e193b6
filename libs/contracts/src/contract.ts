import type { z } from 'zod';

/**
 * A contract is one typed constant per message: its name, its kind, its schema.
 *
 *   event    a fact, past participle (`ParityComputed`); one sender, one or more handlers; travels through the numbered log.
 *   command  a wish, verb + noun (`CompareApps`); one owner validates, saves and answers in one transaction.
 *   query    a question to the owner of the data; changes nothing.
 */
export type Kind = 'event' | 'command' | 'query';

export interface EventContract<Name extends string = string, Schema extends z.ZodType = z.ZodType> {
  readonly kind: 'event';
  readonly name: Name;
  readonly schema: Schema;
  /** Events of one key are handled in order; a failing one holds back the later ones of its key only. */
  readonly key: (data: z.output<Schema>) => string;
}

export interface RequestContract<
  Name extends string = string,
  Schema extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
> {
  readonly kind: 'command' | 'query';
  readonly name: Name;
  readonly schema: Schema;
  readonly reply: Reply;
}

/** Any event, where only its name and schema matter. */
export type AnyEvent = Omit<EventContract, 'key'> & { readonly key: (data: never) => string };

export type DataOf<C extends { schema: z.ZodType }> = z.output<C['schema']>;
/** What a sender gives: like DataOf, with defaults left out. */
export type InputOf<C extends { schema: z.ZodType }> = z.input<C['schema']>;
export type ReplyOf<C extends { reply: z.ZodType }> = z.output<C['reply']>;

/** What a handler receives. `n` is the number in the producer's log; `occurredAt` is the producer's database clock. */
export interface Message<Data> {
  readonly id: string;
  readonly name: string;
  readonly producer: string;
  readonly n: number;
  readonly key: string;
  readonly data: Data;
  readonly occurredAt: Date;
  readonly traceparent?: string | undefined;
}
export type MessageOf<C extends { schema: z.ZodType }> = Message<DataOf<C>>;

export const event = <Name extends string, Schema extends z.ZodType>(
  name: Name,
  schema: Schema,
  key: (data: z.output<Schema>) => string,
): EventContract<Name, Schema> => ({ kind: 'event', name, schema, key });

const request =
  (kind: 'command' | 'query') =>
  <Name extends string, Schema extends z.ZodType, Reply extends z.ZodType>(
    name: Name,
    schema: Schema,
    reply: Reply,
  ): RequestContract<Name, Schema, Reply> => ({ kind, name, schema, reply });

export const command = request('command');
export const query = request('query');
