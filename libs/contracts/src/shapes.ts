import { z } from 'zod';

/** Shapes that several messages share. Times are ISO 8601 in UTC; ids are UUIDs unless they say otherwise. */
export const id = z.uuid();
export const instant = z.iso.datetime({ offset: true });
export const count = z.int().nonnegative();

export const verdict = z.enum(['in-sync', 'out-of-sync', 'pending', 'unreachable', 'unknown']);
export type Verdict = z.infer<typeof verdict>;

/** `baseline` is what apps are compared with, `shadow` a second baseline that measures noise, `app` a student's. */
export const targetRole = z.enum(['baseline', 'shadow', 'app']);
export type TargetRole = z.infer<typeof targetRole>;

export const fillDriver = z.enum(['browser', 'http']);
export type FillDriver = z.infer<typeof fillDriver>;

/** Who asked: shown in logs and kept with what was done. */
export const actor = z.string().min(1).max(80);

/** Bytes of rows in one answer. The bus carries 256 kB; the rest is for what stands around them. */
export const pageBytesMax = 200_000;

/** As many of the first items as fit into one answer, at least one: a page of a list that may be longer. */
export function pageOf<T>(items: readonly T[], bytesMax: number = pageBytesMax): T[] {
  const utf8 = new TextEncoder();
  const page: T[] = [];
  let bytes = 0;
  for (const item of items) {
    bytes += utf8.encode(JSON.stringify(item)).length + 1;
    if (page.length > 0 && bytes > bytesMax) break;
    page.push(item);
  }
  return page;
}

/** Apps that may take part at once: with long names and addresses their fill still fits into one message of 1 MB. */
export const activeAppsMax = 1_000;
