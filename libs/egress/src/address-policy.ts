// Which IP addresses lie on the public internet. Pure: no DNS, no interfaces, no clock.
// The rule: everything that the IANA special-purpose registries do not mark "globally reachable" is refused, and of the few
// special blocks that they do mark so, those that lead elsewhere (NAT64, AS112 and anycast helpers inside 2001::/23) as well.
// Registries: iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry (RFC 6890, RFC 8190),.
import { formatV4, parseIpAddress, type IpAddress } from './ip-address.js';

/**
 * `public`: globally reachable. `local`: not public, but an exact entry of EGRESS_ALLOW may open it (loopback, private networks).
 * `never`: no entry opens it (link-local with its cloud metadata, multicast, reserved, wrapped IPv4).
 */
export type Reach = 'public' | 'local' | 'never';

export interface AddressVerdict {
  readonly reach: Reach;
  /** The range that decided and its meaning, such as `169.254.0.0/16, link-local`; empty for a public address. */
  readonly rule: string;
}

interface Range {
  readonly block: string;
  readonly meaning: string;
  readonly reach: Reach;
}
const range = (block: string, meaning: string, reach: Reach = 'never'): Range => ({ block, meaning, reach });

/** IPv4: one line per entry of the registry that is not globally reachable, and three that are reserved elsewhere. */
export const refusedV4: readonly Range[] = [
  range('0.0.0.0/8', 'this network'), // RFC 791 §3.2; Linux connects 0.0.0.0 to loopback
  range('10.0.0.0/8', 'private use', 'local'), // RFC 1918
  range('100.64.0.0/10', 'shared address space', 'local'), // RFC 6598; holds 100.100.100.200, metadata of Alibaba Cloud
  range('127.0.0.0/8', 'loopback', 'local'), // RFC 1122 §3.2.1.3
  range('168.63.129.16/32', 'host agent of Azure'), // not in the registry: public by number, answered by the machine's own host
  range('169.254.0.0/16', 'link-local'), // RFC 3927; holds 169.254.169.254, cloud metadata
  range('172.16.0.0/12', 'private use', 'local'), // RFC 1918
  range('192.0.0.0/24', 'IETF protocol assignments'), // RFC 6890 §2.1; .9 and .10 are reachable anycast helpers, no web hosts
  range('192.0.2.0/24', 'documentation', 'local'), // RFC 5737 (TEST-NET-1)
  range('192.31.196.0/24', 'AS112'), // RFC 7535: reachable, but answered by the nearest helper, often one's own
  range('192.52.193.0/24', 'multicast tunnelling'), // RFC 7450
  range('192.88.99.0/24', '6to4 relay'), // RFC 7526, deprecated
  range('192.168.0.0/16', 'private use', 'local'), // RFC 1918
  range('192.175.48.0/24', 'AS112'), // RFC 7534
  range('198.18.0.0/15', 'benchmarking', 'local'), // RFC 2544
  range('198.51.100.0/24', 'documentation', 'local'), // RFC 5737 (TEST-NET-2)
  range('203.0.113.0/24', 'documentation', 'local'), // RFC 5737 (TEST-NET-3)
  range('224.0.0.0/4', 'multicast'), // RFC 5771
  range('240.0.0.0/4', 'reserved'), // RFC 1112 §4; holds 255.255.255.255, limited broadcast, RFC 919
];

/** IPv6: the registry's entries inside 2000::/3; outside of it only the named blocks carry a meaning, all are refused. */
export const refusedV6: readonly Range[] = [
  range('::/128', 'unspecified'), // RFC 4291 §2.5.2
  range('::1/128', 'loopback', 'local'), // RFC 4291 §2.5.3
  range('::/96', 'IPv4-compatible'), // RFC 4291 §2.5.5.1
  range('::ffff:0:0/96', 'IPv4-mapped'), // RFC 4291 §2.5.5.2
  range('::ffff:0:0:0/96', 'IPv4-translated'), // RFC 2765 §2.1
  range('64:ff9b::/96', 'NAT64'), // RFC 6052: marked reachable, but only as far as the IPv4 address inside
  range('64:ff9b:1::/48', 'local NAT64'), // RFC 8215
  range('100::/64', 'discard-only'), // RFC 6666
  range('100:0:0:1::/64', 'dummy prefix'), // RFC 9780
  range('2001::/32', 'Teredo'), // RFC 4380
  range('2001::/23', 'IETF protocol assignments'), // RFC 2928; its reachable parts are anycast helpers, AMT, ORCHIDv2 and DRIP tags
  range('2001:db8::/32', 'documentation', 'local'), // RFC 3849
  range('2002::/16', '6to4'), // RFC 3056
  range('2620:4f:8000::/48', 'AS112'), // RFC 7534
  range('3fff::/20', 'documentation', 'local'), // RFC 9637
  range('5f00::/16', 'segment routing'), // RFC 9602
  range('fc00::/7', 'unique local', 'local'), // RFC 4193; holds fd00:ec2::254, metadata of AWS
  range('fe80::/10', 'link-local'), // RFC 4291 §2.5.6
  range('fec0::/10', 'site-local'), // RFC 3879, deprecated
  range('ff00::/8', 'multicast'), // RFC 4291 §2.7
  range('2000::/3', '', 'public'), // RFC 4291 §2.4: the only block from which global unicast addresses are assigned
  range('::/0', 'not global unicast'),
];

interface Block extends Range {
  readonly base: bigint;
  readonly shift: bigint;
}
const blocksV4 = refusedV4.map(toBlock);
const blocksV6 = refusedV6.map(toBlock);

/** Judges one address; a text that is not an address (also one with a zone, `fe80::1%eth0`) is refused for good. */
export function judgeAddress(text: string): AddressVerdict {
  const address = parseIpAddress(text);
  if (!address) return { reach: 'never', rule: 'not an IP address' };
  const blocks = address.version === 4 ? blocksV4 : blocksV6;
  const found = blocks.find(({ base, shift }) => address.bits >> shift === base >> shift);
  if (!found || found.reach === 'public') return { reach: 'public', rule: '' };
  const inside = embeddedV4(address);
  return { reach: found.reach, rule: `${found.block}, ${found.meaning}${inside ? ` around ${inside}` : ''}` };
}

/** The IPv4 address inside a mapped, compatible, translated, NAT64, 6to4 or Teredo (its client) address, as a dotted quad. */
export function embeddedV4({ version, bits }: IpAddress): string | undefined {
  if (version === 4) return undefined;
  const low = bits & 0xffffffffn;
  const high96 = bits >> 32n;
  if (high96 === 0n) return low > 0xffffn ? formatV4(low) : undefined;
  if (high96 === 0xffffn || high96 === 0xffff0000n || high96 === 0x64ff9b0000000000000000n) return formatV4(low);
  if (bits >> 80n === 0x64ff9b0001n) return formatV4(low);
  if (bits >> 112n === 0x2002n) return formatV4((bits >> 80n) & 0xffffffffn);
  if (bits >> 96n === 0x20010000n) return formatV4(low ^ 0xffffffffn);
  return undefined;
}

function toBlock(one: Range): Block {
  const [base = '', length = ''] = one.block.split('/');
  const address = parseIpAddress(base);
  if (!address) throw new Error(`not a block: ${one.block}`);
  return { ...one, base: address.bits, shift: (address.version === 4 ? 32n : 128n) - BigInt(length) };
}
