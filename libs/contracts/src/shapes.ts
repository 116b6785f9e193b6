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
