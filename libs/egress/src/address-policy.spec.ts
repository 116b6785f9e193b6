import fc from 'fast-check';
import { BlockList, isIP } from 'node:net';
import { embeddedV4, judgeAddress, refusedV4, refusedV6 } from './address-policy.js';
import { formatV4, parseIpAddress, sameAddress } from './ip-address.js';

// The oracle is Node's own BlockList with blocks of this file, so the table and its arithmetic are judged by other code.
// One list per version: BlockList would find 1.0.0.0 in ::/3, as ::ffff:1.0.0.0.
const listOf = (family: 'ipv4' | 'ipv6', blocks: readonly string[]) => {
  const list = new BlockList();
  for (const block of blocks) list.addSubnet(block.split('/')[0] ?? '', Number(block.split('/')[1]), family);
  return (address: string) => list.check(address, family);
};
// prettier-ignore
const refusesV4 = listOf('ipv4', ['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '168.63.129.16/32', '169.254.0.0/16', '172.16.0.0/12',
  '192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15',
  '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3']);
// prettier-ignore
const refusesV6 = listOf('ipv6', ['::/3', '4000::/2', '8000::/1', '2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20']);

const v4 = fc.integer({ min: 0, max: 0xffffffff }).map(BigInt);
const v6 = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });
const hex = (bits: bigint) => bits.toString(16);
const groups = (bits: bigint) => [7n, 6n, 5n, 4n, 3n, 2n, 1n, 0n].map((at) => hex((bits >> (at * 16n)) & 0xffffn));
const formatV6 = (bits: bigint) => groups(bits).join(':');
/** What WHATWG URL makes of a host, as an address. */
const throughUrl = (host: string) => new URL(`http://${host}/`).hostname.replace(/^\[|\]$/g, '');
const inBlock = (block: string) => {
  const [base = '', length] = block.split('/');
  const width = base.includes(':') ? 128n : 32n;
  const free = width - BigInt(Number(length));
  return fc.bigInt({ min: 0n, max: (1n << free) - 1n }).map((rest) => (parseIpAddress(base)?.bits ?? 0n) + rest);
};
const publicInside = (block: string) => ['::/0', '2000::/3'].includes(block);

/** Ways to write one IPv4 address in a URL. */
const notationsV4 = (bits: bigint): string[] => {
  const [a = 0n, b = 0n, c = 0n, d = 0n] = [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 0xffn);
  const wide = (text: string) => text.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
  const dotted = [a, b, c, d].join('.');
  return [
    ...[dotted, `${dotted}.`, String(bits), `0x${hex(bits)}`, `0X${hex(bits).toUpperCase()}`, `0${bits.toString(8)}`],
    ...[`${a}.${bits & 0xffffffn}`, `${a}.${b}.${bits & 0xffffn}`, `0x${hex(a)}.0${b.toString(8)}.${c}.0x${hex(d)}`],
    ...[wide(dotted), dotted.replaceAll('.', '。'), encodeURIComponent(dotted).replace(/\d/g, (digit) => `%3${digit}`)],
  ];
};
/** IPv6 addresses that lead to an IPv4 address somewhere. */
const wrapped = (bits: bigint): bigint[] => [
  ...[bits, (0xffffn << 32n) | bits, (0xffff0000n << 32n) | bits, (0x64ff9b0000000000000000n << 32n) | bits],
  ...[(0x64ff9b0001n << 80n) | bits, (0x2002n << 112n) | (bits << 80n), (0x20010000n << 96n) | (bits ^ 0xffffffffn)],
];

describe('address policy', () => {
  it('lets no IPv4 address of a refused range pass, in any notation', () => {
    const refused = fc.constantFrom(...refusedV4).chain(({ block }) => inBlock(block));
    fc.assert(
      fc.property(refused, (bits) => {
        for (const text of notationsV4(bits))
          expect([text, judgeAddress(throughUrl(text)).reach]).not.toEqual([text, 'public']);
      }),
    );
  });

  it('lets no IPv6 address of a refused range pass, in any notation', () => {
    const blocks = refusedV6.filter(({ block }) => !publicInside(block));
    const refused = fc.constantFrom(...blocks).chain(({ block }) => inBlock(block));
    fc.assert(
      fc.property(refused, (bits) => {
        const tail = `${groups(bits).slice(0, 6).join(':')}:${formatV4(bits & 0xffffffffn)}`;
        for (const text of [formatV6(bits), formatV6(bits).toUpperCase(), tail]) {
          expect(judgeAddress(text).reach).not.toBe('public');
          expect(judgeAddress(throughUrl(`[${text}]`)).reach).not.toBe('public');
        }
      }),
    );
  });

  it('refuses every IPv4 address, public ones too, when it is wrapped into IPv6, and finds it inside', () => {
    fc.assert(
      fc.property(v4, (bits) => {
        for (const outer of wrapped(bits)) {
          const text = formatV6(outer);
          expect([text, judgeAddress(text).reach]).not.toEqual([text, 'public']);
          if (bits > 0xffffn) expect(embeddedV4({ version: 6, bits: outer })).toBe(formatV4(bits));
        }
      }),
    );
  });

  it('agrees with an independent list about every address', () => {
    const mixed = fc.oneof(v6, inBlock('2000::/3'), inBlock('2001::/16'), inBlock('::/64'));
    fc.assert(
      fc.property(v4, mixed, (four, six) => {
        const [a, b] = [formatV4(four), formatV6(six)];
        expect([a, judgeAddress(a).reach === 'public']).toEqual([a, !refusesV4(a)]);
        expect([b, judgeAddress(b).reach === 'public']).toEqual([b, !refusesV6(b)]);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(refusedV4.concat(refusedV6).filter(({ block }) => !publicInside(block)))(
    'refuses the edges of $block',
    ({ block }) => {
      const [base = '', length] = block.split('/');
      const address = parseIpAddress(base);
      const size = 1n << BigInt((base.includes(':') ? 128 : 32) - Number(length));
      const format = base.includes(':') ? formatV6 : formatV4;
      const [first, last] = [format(address?.bits ?? 0n), format((address?.bits ?? 0n) + size - 1n)];
      expect(judgeAddress(first).reach).not.toBe('public');
      expect(judgeAddress(last).reach).not.toBe('public');
    },
  );

  it('opens loopback and private networks to an entry, link-local and metadata to none', () => {
    for (const one of ['127.0.0.1', '10.1.2.3', '192.168.1.1', '172.20.0.3', '100.64.0.1', '::1', 'fd00::1']) {
      expect([one, judgeAddress(one).reach]).toEqual([one, 'local']);
    }
    for (const one of [
      '169.254.169.254',
      'fe80::1',
      '0.0.0.0',
      '::',
      '224.0.0.1',
      '255.255.255.255',
      '::ffff:127.0.0.1',
      '168.63.129.16',
    ]) {
      expect([one, judgeAddress(one).reach]).toEqual([one, 'never']);
    }
  });

  it('names the range and the address inside', () => {
    expect(judgeAddress('10.0.0.1').rule).toBe('10.0.0.0/8, private use');
    expect(judgeAddress('64:ff9b::7f00:1').rule).toBe('64:ff9b::/96, NAT64 around 127.0.0.1');
    expect(judgeAddress('4000::1').rule).toBe('::/0, not global unicast');
  });
});

describe('IP address', () => {
  it('is read exactly when Node reads it, zones and leading zeros left out', () => {
    const texts = fc.oneof(
      v4.map(formatV4),
      v6.map(formatV6),
      v6.map((bits) => new URL(`http://[${formatV6(bits)}]`).hostname.slice(1, -1)),
      fc.stringMatching(/^[0-9a-f:.]{1,24}$/),
      fc.constantFrom(
        '',
        ':',
        '::',
        ':::',
        '1::2::3',
        '1:2:3:4:5:6:7',
        '1:2:3:4:5:6:7::',
        '1.2.3.4.',
        '::1.2.3',
        'fe80::1%eth0',
        '::1.2.3.4:5',
      ),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const node = text.includes('%') ? 0 : isIP(text);
        expect([text, parseIpAddress(text)?.version ?? 0]).toEqual([text, node]);
      }),
      { numRuns: 3000 },
    );
  });

  it('is the same whatever its notation', () => {
    expect(sameAddress('::1', '0:0:0:0:0:0:0:1')).toBe(true);
    expect(sameAddress('::ffff:1.2.3.4', '::FFFF:102:304')).toBe(true);
    expect(sameAddress('::ffff:1.2.3.4', '1.2.3.4')).toBe(false);
    expect(sameAddress('x', 'x')).toBe(false);
  });
});
