import { z } from 'zod';

/**
 * Several labs of one installation. A lab is a set of the five services with databases, a broker account and secrets of its own: no
 * table, event or query knows of another, and so none can hold anything of it.
 */
export const labName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,23}$/, 'must be a letter, then letters, digits or -, all small, at most 24 of them');

/** The lab that every installation has. */
export const mainLab = 'main';

/** How a lab is shown to those of another. `address` when it was given one; else it is at its port of the same host. */
export const labCard = z.object({
  name: labName,
  title: z.string().trim().min(1, 'must not be empty').max(60),
  port: z.int().min(0).max(65_535),
  address: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).nullable(),
});
export type LabCard = z.infer<typeof labCard>;

/** The labs of the installation, the one that was asked among them. */
export const labsView = z.object({ here: labName, labs: z.array(labCard) });
export type LabsView = z.infer<typeof labsView>;
