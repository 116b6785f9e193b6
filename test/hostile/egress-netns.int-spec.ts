// Goal: not one packet leaves for an address that is not public, although a route and a listener are there.
// Method: two network namespaces joined by a veth pair. In "outside" every address answers, cloud metadata and private networks by name;
// in "lab" the real client and proxy are told to go there. Bare sockets first show that they could. Counters of the kernel and the
// canaries must not move.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { rebindingNames, refusedVectors } from '#libs/egress/test/ssrf-vectors.js';
import type { Question } from './egress-netns-child.js';

const [lab, outside] = [`lockstep-egress-lab-${process.pid}`, `lockstep-egress-outside-${process.pid}`];
const folder = import.meta.dirname;

const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
const inside = (namespace: string, command: string) => execFileSync('ip', ['netns', 'exec', namespace, ...command.split(' ')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }); // prettier-ignore

/** Namespaces of runs that were killed; those of a run that still lives are left alone. */
function removeLeftovers(): void {
  const folderOfNames = '/run/netns';
  for (const name of existsSync(folderOfNames) ? readdirSync(folderOfNames) : []) {
    const owner = /^lockstep-egress-[a-z]+-(\d+)$/.exec(name)?.[1];
    if (owner && (Number(owner) === process.pid || !existsSync(`/proc/${owner}`))) ip('netns', 'del', name);
  }
}

/** Why this cannot run here, or `undefined`. */
function obstacle(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'it needs root on Linux';
  try {
    removeLeftovers();
    ip('netns', 'add', lab);
    ip('netns', 'add', outside);
    return undefined;
  } catch (error) {
    return `ip netns: ${(error as Error).message.split('\n')[0]}`;
  }
}
const missing = obstacle();

/** Addresses of private and link-local ranges that really exist outside, and their ports. */
const present = ['169.254.169.254', '169.254.170.2', '10.0.0.5', '10.0.0.7', '172.16.0.1', '192.168.1.10', '100.100.100.200', '192.0.0.192', '168.63.129.16', '198.18.0.1', '203.0.113.1', '240.0.0.1', 'fd00::5', 'fd00:ec2::254', '2001:db8::1', '64:ff9b::a00:5', '2002:a00:5::1']; // prettier-ignore
const publicApp = '93.184.216.34';

function build(): void {
  const both = (command: string) => [lab, outside].forEach((namespace) => inside(namespace, command));
  ip('link', 'add', 'to-outside', 'netns', lab, 'type', 'veth', 'peer', 'name', 'to-lab', 'netns', outside);
  both('ip link set lo up');
  inside(lab, 'ip link set to-outside up');
  inside(outside, 'ip link set to-lab up');
  // The lab's own public address, and a way to everything else.
  inside(lab, 'ip addr add 93.184.218.1/32 dev to-outside');
  inside(lab, 'ip addr add 2a00:1450::1/128 dev to-outside nodad');
  inside(lab, 'ip route add default dev to-outside');
  // By a gateway: nobody answers neighbour solicitations for addresses that are not there, and no packet would come to be counted.
  inside(lab, 'ip addr add fd00:99::1/64 dev to-outside nodad');
  inside(outside, 'ip addr add fd00:99::2/64 dev to-lab nodad');
  inside(lab, 'ip -6 route add default via fd00:99::2');
  for (const address of [publicApp, ...present]) inside(outside, `ip addr add ${address} dev to-lab${address.includes(':') ? ' nodad' : ''}`); // prettier-ignore
  // Any other address is answered as well; answers go back to the lab; one network swallows everything.
  inside(outside, 'ip route add local default dev lo table local');
  inside(outside, 'ip -6 route add local default dev lo table local');
  inside(outside, 'ip route add 93.184.218.1/32 dev to-lab table local');
  for (const own of ['2a00:1450::1', 'fd00:99::1'])
    inside(outside, `ip -6 route add ${own}/128 dev to-lab table local`);
  inside(outside, 'ip route add blackhole 93.184.217.0/24 table local');
  inside(
    outside,
    'sysctl -qw net.ipv4.conf.all.proxy_arp=1 net.ipv4.conf.to-lab.proxy_arp=1 net.ipv4.conf.to-lab.arp_ignore=0',
  );
}

interface Child {
  ask(question: Question): Promise<unknown[]>;
}
const children: ChildProcess[] = [];
async function start(namespace: string, mode: 'canary' | 'lab'): Promise<Child> {
  const script = [
    '--no-warnings',
    '--conditions=source',
    '--import',
    join(folder, 'egress-typescript.mjs'),
    join(folder, 'egress-netns-child.ts'),
  ];
  const child = spawn('ip', ['netns', 'exec', namespace, process.execPath, ...script, mode], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines: Interface = createInterface({ input: child.stdout });
  const next = async () => JSON.parse(((await once(lines, 'line')) as [string])[0]) as unknown;
  await next();
  return {
    ask: async (question) => {
      const answer = next();
      child.stdin.write(`${JSON.stringify(question)}\n`);
      return (await answer) as unknown[];
    },
  };
}

/** What a canary has seen since it was last asked. A connection can be open before its program has been told, so it is asked until `count` are there. */
async function hits(of: Child, count = 0): Promise<unknown[]> {
  const seen = await of.ask({ do: 'hits' });
  for (const end = performance.now() + 2_000; seen.length < count && performance.now() < end;) {
    seen.push(...(await of.ask({ do: 'hits' })));
  }
  return seen;
}

/** TCP segments (IPv4 and IPv6), UDP datagrams and IPv4 packets of any kind that "outside" has received so far. */
function received(): Record<string, number> {
  const snmp = inside(outside, 'cat /proc/net/snmp').split('\n');
  const value = (group: string, field: string) => {
    const [names, values] = snmp.filter((line) => line.startsWith(`${group}:`)).map((line) => line.split(' '));
    return Number(values?.[names?.indexOf(field) ?? -1]);
  };
  const udp6 = /Udp6InDatagrams\s+(\d+)[\s\S]*Udp6NoPorts\s+(\d+)/.exec(inside(outside, 'cat /proc/net/snmp6'));
  return {
    ipv4Packets: value('Ip', 'InReceives'),
    tcpSegments: value('Tcp', 'InSegs'),
    udp: value('Udp', 'InDatagrams') + value('Udp', 'NoPorts') + Number(udp6?.[1]) + Number(udp6?.[2]),
  };
}

(missing ? describe.skip : describe)(`in network namespaces${missing ? ` (not run: ${missing})` : ''}`, () => {
  let within: Child;
  let canary: Child;
  let own: Child;
  beforeAll(async () => {
    build();
    [canary, own, within] = await Promise.all([start(outside, 'canary'), start(lab, 'canary'), start(lab, 'lab')]);
  });
  beforeEach(async () => {
    await hits(canary);
    await hits(own);
  });

  const privateUrls = present.filter((address) => address !== '10.0.0.7').map((address) => `http://${address.includes(':') ? `[${address}]` : address}:8080/`); // prettier-ignore
  const urls = [
    ...privateUrls,
    ...refusedVectors.map(({ url }) => url).filter((url) => !/[\s]/.test(url) && url !== ''),
    ...Object.keys(rebindingNames).map((name) => `http://${name}:8080/`),
    ...['http://mixed.egress-lab.dev:8080/', 'http://six.egress-lab.dev:8080/'],
  ];

  it('bare sockets reach every canary: the way is open and would be seen', async () => {
    const targets = [
      publicApp,
      ...present,
      '11.22.33.44',
      '2606:4700::1111',
      'fc00::1',
      '4000::1',
      '64:ff9b::7f00:1',
    ].map((host) => [host, 8080] as const);
    expect(await within.ask({ do: 'bare', targets })).toEqual(targets.map(() => true));
    expect(await hits(canary, targets.length)).toHaveLength(targets.length);
    const loopback = [['127.0.0.1', 8080], ['127.1.2.3', 80], ['::1', 443], ['93.184.218.1', 8080], ['0.0.0.0', 80]] as const; // prettier-ignore
    expect(await within.ask({ do: 'bare', targets: loopback })).toEqual(loopback.map(() => true));
    expect(await hits(own, loopback.length)).toHaveLength(loopback.length);
  });

  it.each(['client', 'plain', 'connect'] as const)(
    'no packet leaves for a refused address by way of %s',
    async (way) => {
      const before = received();
      const outcomes = await within.ask({ do: way, urls });
      const passed = urls.filter((_url, n) => {
        const outcome = outcomes[n] as { code?: string } | number;
        return typeof outcome === 'number' ? ![400, 403].includes(outcome) : outcome.code === undefined;
      });
      expect(passed).toEqual([]);
      expect(received()).toEqual(before);
      expect(await hits(canary)).toEqual([]);
      expect(await hits(own)).toEqual([]);
    },
  );

  it('a page in the browser reaches none of them, by none of its ways, and its own app alone', async () => {
    const { udp } = received();
    expect(await within.ask({ do: 'browse', url: `http://${publicApp}:3000` })).toEqual(['acknowledged']);
    const seen = new Set(await hits(canary));
    while (!seen.has('behaved')) for (const hit of await hits(canary, 1)) seen.add(hit);
    expect(await within.ask({ do: 'leave' })).toEqual(['acknowledged']);
    for (const hit of await hits(canary)) seen.add(hit);
    expect([...seen].toSorted()).toEqual([`${publicApp} 3000`, 'behaved']);
    expect([await hits(own), received()['udp']]).toEqual([[], udp]);
  }, 60_000);

  it('the own public address is not reached either, by number or by name', async () => {
    const own4 = await within.ask({ do: 'client', urls: ['http://93.184.218.1:8080/', 'http://[2a00:1450::1]:8080/'] });
    expect(own4).toEqual(Array(2).fill({ code: 'address-not-public', maybeSent: false }));
    expect(await hits(own)).toEqual([]);
  });

  it('public addresses are reached, and a private one that is allowed', async () => {
    const reached = await within.ask({ do: 'client', urls: [`http://${publicApp}:8080/`, 'http://public.egress-lab.dev:8080/', 'http://[2606:4700::1111]:8080/', 'http://10.0.0.7:8080/'] }); // prettier-ignore
    expect(reached).toEqual(Array(4).fill({ status: 200 }));
    expect(await hits(canary, 4)).toEqual([
      `${publicApp} 8080`,
      `${publicApp} 8080`,
      '2606:4700::1111 8080',
      '10.0.0.7 8080',
    ]);
    expect(await within.ask({ do: 'connect', urls: [`http://${publicApp}:8080/`] })).toEqual([200]);
  });

  it('many names of one public address share its turns: a victim is not flooded through us', async () => {
    const names = Array.from({ length: 12 }, (_, n) => `http://public.n${n}.egress-lab.dev:8080/`);
    const [ms, ...outcomes] = await within.ask({ do: 'crowd', urls: names, perSecond: 10 });
    expect(outcomes).toEqual(names.map(() => ({ status: 200 })));
    expect(ms).toBeGreaterThan(1_090);
  });

  it('a name that turns from a public address to metadata is reached once and then refused', async () => {
    const twice = (name: string) => Array<string>(3).fill(`http://${name}.egress-lab.dev:8080/`);
    const refused = { code: 'address-not-public', maybeSent: false };
    expect(await within.ask({ do: 'client', urls: twice('turn') })).toEqual([{ status: 200 }, refused, refused]);
    expect(await within.ask({ do: 'connect', urls: twice('turn-connect') })).toEqual([200, 403, 403]);
    expect(await within.ask({ do: 'plain', urls: twice('turn-plain') })).toEqual([200, 403, 403]);
    expect(await hits(canary, 3)).toEqual(Array(3).fill(`${publicApp} 8080`));
  });

  it('a socket that connects to itself is no app: nothing is sent to it', async () => {
    // Linux takes the port that it dials as its own when no other is free; the kernel would then echo our request to us.
    ip('netns', 'exec', lab, 'sysctl', '-qw', 'net.ipv4.ip_local_port_range=40001 40001');
    const outcome = await within.ask({ do: 'client', urls: ['http://127.0.0.1:40001/'] });
    ip('netns', 'exec', lab, 'sysctl', '-qw', 'net.ipv4.ip_local_port_range=32768 60999');
    expect(outcome).toEqual([{ code: 'connect-refused', maybeSent: false }]);
  });

  it('a host that swallows every packet is given up in time, and nothing was sent', async () => {
    const startedAt = performance.now();
    expect(await within.ask({ do: 'client', urls: ['http://93.184.217.9:8080/'] })).toEqual([
      { code: 'connect-timeout', maybeSent: false },
    ]);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

afterAll(async () => {
  await Promise.all(children.map((child) => (child.stdin?.end(), child.exitCode ?? once(child, 'exit'))));
  if (!missing || existsSync(`/run/netns/${lab}`)) removeLeftovers();
});
