/** What went wrong, as people will read it in a table: cut, and without NUL, which Postgres does not take. */
export function errorText(error: unknown, charsMax: number): string {
  const plain = error instanceof Error && error.name === 'Error' ? error.message : String(error);
  return plain.replaceAll('\0', '').slice(0, charsMax);
}
