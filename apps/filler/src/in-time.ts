/** A promise that is settled from outside. */
export interface Later<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

export function later<T = void>(): Later<T> {
  let settle: Omit<Later<T>, 'promise'> | undefined;
  const promise = new Promise<T>((resolve, reject) => (settle = { resolve, reject }));
  return { promise, ...settle! };
}

/** What `work` comes to, or undefined when that is not known in time; then it goes on, and nobody waits for it. */
export async function inTime<T>(work: Promise<T>, msMax: number): Promise<T | undefined> {
  const late = later<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), msMax);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}
