// EGRESS_ALLOW as services read it from their environment.
import { z } from 'zod';
import { readAllowEntry } from './egress-policy.js';

/** `host:port,host:port` → its entries; a bad one is a problem of the configuration that names it. */
export const egressAllow = z
  .string()
  .default('')
  .transform((text, context) => {
    const entries = text
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean);
    for (const entry of entries) {
      const read = readAllowEntry(entry);
      if ('problem' in read) context.addIssue(read.problem);
    }
    return entries;
  });
