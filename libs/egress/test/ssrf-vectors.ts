// URLs that try to reach an address which is not public, or to confuse whoever checks them, as data; with controls that must pass.
// They cover threats T1 and T24: each is tried on the URL reader, on the client and on the proxy's CONNECT.
import type { EgressCode } from '../src/egress-code.js';

export interface Vector {
  readonly url: string;
  /** The code that refuses it, or `public` for a control. */
  readonly expect: EgressCode | 'public';
}
const words = (text: string) => text.trim().split(/\s+/);
const urls = (expect: Vector['expect'], list: readonly string[]): Vector[] => list.map((url) => ({ url, expect }));
/** Port 8080 is a public one: only the host can be the reason. */
const hosts = (list: readonly string[]) => list.map((host) => `http://${host}:8080/`);

const loopback = words(`
  127.0.0.1 127.1 127.0.1 0 0.0.0.0 0x7f.1 0x7f000001 0177.0.0.1 017700000001 2130706433 127.0.0.1. 127.255.255.254 0.1.2.3
  %31%32%37.0.0.1 127%2e0%2e0%2e1 １２７.０.０.１ 127。0。0。1 127．0．0．1 ⑫7.0.0.1 ①②⑦.⓪.⓪.① 1２7.1`);
const metadata = words(`
  169.254.169.254 169.254.170.2 0xa9fea9fe 2852039166 0251.0376.0251.0376 100.100.100.200 192.0.0.192 168.63.129.16
  [fd00:ec2::254] [::ffff:a9fe:a9fe] [0:0:0:0:0:ffff:a9fe:a9fe] [::ffff:169.254.169.254]`);
const blocksV4 = words(`
  10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1 192.31.196.1 192.52.193.1
  192.88.99.1 192.168.0.1 192.168.255.255 192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1
  239.255.255.255 240.0.0.1 255.255.255.255`);
const blocksV6 = words(`
  [::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::FFFF:127.0.0.1] [::127.0.0.1] [::ffff:0:127.0.0.1]
  [::ffff:8.8.8.8] [64:ff9b::7f00:1] [64:ff9b::8.8.8.8] [64:ff9b:1::a00:1] [2002:7f00:1::] [2002:a9fe:a9fe::1] [2001::1]
  [2001:0:4136:e378:8000:63bf:80ff:fffe] [2001:10::1] [2001:db8::1] [100::1] [100:0:0:1::1] [3fff::1] [5f00::1] [fe80::1]
  [febf::1] [fc00::1] [fdff::1] [fec0::1] [ff02::1] [ff0e::1] [4000::1] [200::1] [2620:4f:8000::1]`);
const localNames = words(`
  localhost LOCALHOST LocalHost foo.localhost ｌｏｃａｌｈｏｓｔ metadata.google.internal printer.local db.home.arpa app.test nas.lan
  wiki.corp x.onion`);
const badHosts = words(
  `localhost. example.org. evil metadata a..org -a.org a,b.org ${'a'.repeat(300)}.org ${'abc.'.repeat(70)}org`,
);
const badPorts = [1, 22, 25, 81, 2999, 4000, 4222, 5432, 6379, 7999, 9000, 9222, 10_250, 65_535];

/** Names that a hostile DNS lets lead inside; the test's own DNS server answers so. */
export const rebindingNames: Readonly<Record<string, string>> = {
  '127.0.0.1.wildcard.egress-lab.dev': '127.0.0.1',
  'metadata.egress-lab.dev': '169.254.169.254',
  'inside.egress-lab.dev': '10.0.0.1',
};

export const refusedVectors: readonly Vector[] = [
  ...urls('address-not-public', hosts([...loopback, ...metadata, ...blocksV4, ...blocksV6, ...localNames])),
  ...urls(
    'address-not-public',
    words('http:127.0.0.1/ http:/127.0.0.1/ http:////127.0.0.1/ HTTP://127.0.0.1/ https://[::1]/'),
  ),
  ...urls('host', hosts(badHosts)),
  ...urls('port', badPorts.map((port) => `http://93.184.216.34:${port}/`)), // prettier-ignore
  ...urls(
    'userinfo',
    words(`http://user@evil@127.0.0.1/ http://93.184.216.34@127.0.0.1/ http://a:b@example.org/ http://@example.org/
      http://:@example.org/ http://127.0.0.1%2f@example.org/`),
  ),
  ...urls('query', words('http://example.org/#@127.0.0.1/ http://example.org/#')),
  ...urls(
    'scheme',
    words(`file:///etc/passwd ftp://example.org/ gopher://127.0.0.1:6379/_INFO data:text/html,x javascript:alert(1)
      blob:http://example.org/1 ws://example.org/ wss://example.org/ view-source:http://example.org/ example.org
      example.org:8080 //example.org/ http 127.0.0.1:8080`),
  ),
  ...urls(
    'not-a-url',
    words(`http://[fe80::1%25eth0]:8080/ http://[::1%25lo]/ http://exa%00mple.org/ http://127.0.0.1%00.example.org/ http://[::1
      http://256.1.1.1/ http://1.2.3.4.5/ http://example.org:99999/ http:// http:/// http://example.org/${'x'.repeat(2100)}`),
  ),
  ...urls('not-a-url', ['http://evil\\@127.0.0.1/', 'http:/\\/127.0.0.1/', 'http:\\\\127.0.0.1\\']),
  ...urls('not-a-url', ['http://exam\tple.org/', 'http://exam\nple.org/', 'http://a b.org/', '']),
];

export const publicVectors: readonly Vector[] = urls(
  'public',
  words(`
    http://93.184.216.34/ http://93.184.216.34:8080/ https://1.1.1.1/ http://[2606:4700:4700::1111]/ http://[2a00:1450::200e]:8443/
    http://0x08080808/ http://8.8.2056/ https://example.org http://example.org:80/ https://app.example.org:3000/base/
    http://EXAMPLE.org:8999/ https://bücher.example.com/ http://日本語.jp:8000/ http://my_app.example.org:3999/
    http://127.0.0.1.nip.io:8080/ http://172.15.255.255/ http://172.32.0.0/ http://100.63.255.255/ http://100.128.0.0/
    http://11.0.0.0/ http://9.255.255.255/ http://126.255.255.255/ http://128.0.0.1/ http://169.253.255.255/ http://169.255.0.0/
    http://223.255.255.255/ http://198.17.255.255/ http://198.20.0.0/ http://[2003::1]/ http://[2400::1]/ http://[3ffe::1]/`),
);
