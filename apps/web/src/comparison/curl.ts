/** A line for a shell that repeats one read. The address is quoted as a whole: whatever it holds, it stays one word. */
export function curlLine(url: string): string {
  const address = URL.parse(url)?.href ?? '';
  return `curl -sS --max-time 10 '${address.replaceAll("'", '%27')}'`;
}
