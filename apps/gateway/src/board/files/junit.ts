import { downText } from '#libs/contracts/src/downtime-words.js';
import type { BoardView } from '#libs/contracts/src/gateway.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';
import type { EndpointParity } from '#libs/contracts/src/comparator.js';

interface Case {
  readonly name: string;
  readonly kind: 'passed' | 'failure' | 'error' | 'skipped';
  readonly message: string;
}

/**
 * The board for machines that read test results: a suite for each app, a case for each endpoint. Out of sync is a failure, unreachable
 * an error; what is not judged now is skipped, and costs the app nothing. Whose windows say something of its downtime has one more.
 */
export function toJUnit({ rows, asOf }: BoardView): string {
  const suites = rows.map((row) => ({ row, cases: [...casesOf(row), ...downtimeCase(row)] }));
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name: 'Lockstep', ...countsOf(all), timestamp: asOf })}>`,
    ...suites.map(({ row, cases }) => suite(row, cases)),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(row: BoardRow, cases: readonly Case[]): string {
  const { name, url, team, comparedAt } = row;
  const head = { name, ...countsOf(cases), ...(comparedAt ? { timestamp: comparedAt } : {}) };
  const said = { verdict: row.verdict, sentence: row.sentence };
  const properties = { url, ...(team ? { team } : {}), ...said, ...overrideProperties(row) };
  return [
    `  <testsuite ${attributes(head)}>`,
    '    <properties>',
    ...Object.entries(properties).map(([key, value]) => `      <property ${attributes({ name: key, value })}/>`),
    '    </properties>',
    ...cases.map((one) => testcase(one, name)),
    '  </testsuite>',
  ].join('\n');
}

const overrideProperties = ({ override }: BoardRow) =>
  override && {
    ...{ 'overruled-by': override.by, 'overruled-reason': override.reason },
    ...{ 'machine-verdict': override.machine.verdict, 'machine-sentence': override.machine.sentence },
  };

function testcase({ name, kind, message }: Case, classname: string): string {
  const head = `    <testcase ${attributes({ name, classname })}`;
  return kind === 'passed' ? `${head}/>` : `${head}><${kind} ${attributes({ message })}/></testcase>`;
}

/**
 * While an app is looked at again, or could not be judged, nothing is said of its endpoints. What staff say is said of the whole app:
 * then it is one case.
 */
function casesOf({ verdict, sentence, endpoints, override }: BoardRow): Case[] {
  if (endpoints.length === 0 || override) return [{ name: 'comparison', kind: kinds[verdict], message: sentence }];
  const isOpen = verdict === 'pending' || verdict === 'unknown';
  return endpoints.map((endpoint) => ({
    name: endpoint.path,
    kind: isOpen ? 'skipped' : kinds[endpoint.verdict],
    message: isOpen ? sentence : messageOf(endpoint),
  }));
}

const kinds = {
  'in-sync': 'passed',
  'out-of-sync': 'failure',
  unreachable: 'error',
  pending: 'skipped',
  unknown: 'skipped',
} as const;

function downtimeCase({ downtime }: BoardRow): Case[] {
  if (downtime === null) return [];
  const { verdict, ms, windowId } = downtime;
  const kind = { proven: 'passed', 'not-proven': 'skipped', violated: 'failure' } as const;
  const seen = ms === null ? 'Not proven' : ms > 0 ? `Down for ${downText(ms)}` : 'An acknowledged write was lost';
  return [{ name: 'zero downtime', kind: kind[verdict], message: `${seen}: window ${windowId}` }];
}

const messageOf = ({ missing, changed, doubled, matched, note }: EndpointParity): string =>
  `${missing} missing, ${changed} changed, ${doubled} doubled, ${matched} matched${note ? `. ${note}` : ''}`;

const countsOf = (cases: readonly Case[]) => {
  const count = (kind: Case['kind']) => String(cases.filter((one) => one.kind === kind).length);
  return { tests: String(cases.length), failures: count('failure'), errors: count('error'), skipped: count('skipped') };
};

const attributes = (given: Readonly<Record<string, string>>): string =>
  Object.entries(given)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(' ');

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** XML has no way to write most control characters or half a character: they become U+FFFD. */
// eslint-disable-next-line no-control-regex -- those are what is looked for
const unwritable = /[\p{Surrogate}\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu;

const escaped = (text: string): string =>
  text.replaceAll(unwritable, '\ufffd').replaceAll(/[&<>"'\t\n\r]/g, (character) => entities[character]!);
