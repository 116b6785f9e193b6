/** An answer may have 256 kB; a page leaves room for what stands around it. */
const pageBytesMax = 200 * 1024;

/**
 * The first of `rows` whose JSON fits into one answer, in UTF-8; one at least. Rows are limited by count for speed and by bytes for
 * the way: names and addresses are as long as people make them.
 */
export function withinBytes<Row>(rows: readonly Row[], bytesMax = pageBytesMax): Row[] {
  let bytes = 0;
  const end = rows.findIndex((row, index) => {
    bytes += Buffer.byteLength(JSON.stringify(row)) + 1;
    return index > 0 && bytes > bytesMax;
  });
  return end === -1 ? [...rows] : rows.slice(0, end);
}
