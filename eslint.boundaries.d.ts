/** Returns a sentence when `file` may not import `target` (both relative to the root; packages by name), else undefined. */
export function refuse(file: string, target: string): string | undefined;
