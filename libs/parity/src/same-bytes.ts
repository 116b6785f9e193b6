/** Whether two arrays hold the same bytes. */
export function isSameBytes(baseline: Uint8Array, app: Uint8Array): boolean {
  if (baseline.length !== app.length) return false;
  const mine = new DataView(baseline.buffer, baseline.byteOffset, baseline.length);
  const theirs = new DataView(app.buffer, app.byteOffset, app.length);
  let p = 0;
  for (; p <= mine.byteLength - 4; p += 4) if (mine.getInt32(p) !== theirs.getInt32(p)) return false;
  for (; p < mine.byteLength; p++) if (mine.getUint8(p) !== theirs.getUint8(p)) return false;
  return true;
}
