// IP addresses as numbers: parsing is strict, so a text that two parsers could read differently is not an address here.
// Loose notations (0x7f.1, 2130706433, 0177.0.0.1) are normalised before, once, by WHATWG URL; see target-url.ts.

/** An IP address: `bits` holds 32 bits for version 4 and 128 for version 6. */
export interface IpAddress {
  readonly version: 4 | 6;
  readonly bits: bigint;
}

/** Reads a dotted quad without leading zeros or an RFC 4291 IPv6 text without zone; anything else is `undefined`. */
export function parseIpAddress(text: string): IpAddress | undefined {
  const bits = text.includes(':') ? parseV6(text) : parseV4(text);
  return bits === undefined ? undefined : { version: text.includes(':') ? 6 : 4, bits };
}

/** Tells whether two texts name the same address, whatever their notation; a text that is no address equals nothing. */
export function sameAddress(one: string, other: string): boolean {
  const [a, b] = [parseIpAddress(one), parseIpAddress(other)];
  return a !== undefined && b !== undefined && a.version === b.version && a.bits === b.bits;
}

/** Writes 32 bits as a dotted quad. */
export function formatV4(bits: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 0xffn)).join('.');
}

function parseV4(text: string): bigint | undefined {
  if (!/^(\d{1,3}\.){3}\d{1,3}$/.test(text)) return undefined;
  let bits = 0n;
  for (const part of text.split('.')) {
    if (Number(part) > 255 || (part.length > 1 && part.startsWith('0'))) return undefined;
    bits = (bits << 8n) | BigInt(part);
  }
  return bits;
}

function parseV6(text: string): bigint | undefined {
  const plain = withoutDottedTail(text);
  if (plain === undefined) return undefined;
  const halves = plain.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
  if (!head) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(tail ? missing : 0).fill('0'), ...(tail ?? [])];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

/** `::ffff:127.0.0.1` becomes `::ffff:7f00:1`. */
function withoutDottedTail(text: string): string | undefined {
  if (!text.includes('.')) return text;
  const cut = text.lastIndexOf(':') + 1;
  const bits = parseV4(text.slice(cut));
  return bits === undefined
    ? undefined
    : `${text.slice(0, cut)}${(bits >> 16n).toString(16)}:${(bits & 0xffffn).toString(16)}`;
}
