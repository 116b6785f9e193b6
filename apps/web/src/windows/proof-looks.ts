import type { ProofVerdict } from '#libs/contracts/src/windows.js';

/** Other glyphs than those of comparisons: this is another question. */
export const proofLooks: Record<ProofVerdict, readonly [glyph: string, word: string]> = {
  proven: ['✓', 'Proven'],
  'not-proven': ['!', 'Not proven'],
  violated: ['×', 'Violated'],
};
