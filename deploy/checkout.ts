import { resolve } from 'node:path';

/** The checkout, be it from deploy/ or from dist/deploy/. */
export const root = resolve(import.meta.dirname, import.meta.dirname.endsWith('/dist/deploy') ? '../..' : '..');
