/** Why a body could not be read: data for the report, with the byte at which reading stopped. */
export interface Refusal {
  readonly code: RefusalCode;
  /** Byte offset in the body. */
  readonly offset: number;
  readonly sentence: string;
}

export type RefusalCode =
  | 'empty'
  | 'not-json'
  | 'not-utf8'
  | 'lone-surrogate'
  | 'body-too-long'
  | 'too-deep'
  | 'row-too-long'
  | 'outside-too-long'
  | 'number-too-long'
  | 'string-too-long'
  | 'too-many-rows'
  | 'rows-missing'
  | 'rows-not-array';

/** Carries a refusal out of the depths of one reading; `readRefusing` turns it back into data. */
export class RefusalSignal extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.sentence);
  }
}

export function refuse(code: RefusalCode, offset: number, sentence: string): never {
  throw new RefusalSignal({ code, offset, sentence });
}

/** Runs `read`; a refusal inside it is returned, every other error passes through. */
export function readRefusing(read: () => void): Refusal | null {
  try {
    read();
    return null;
  } catch (error) {
    if (error instanceof RefusalSignal) return error.refusal;
    throw error;
  }
}
