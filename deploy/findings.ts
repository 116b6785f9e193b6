/** Sentences, each about one mistake; none when all is well. */
export type Findings = readonly string[];

/** The sentence, unless all is well. */
export const unless = (isWell: unknown, sentence: string): string[] => (isWell ? [] : [sentence]);

/** Names the file, or the part of it, that sentences are about. */
export const about = (place: string, findings: Findings): string[] => findings.map((finding) => `${place}: ${finding}`);
