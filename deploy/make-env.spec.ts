import { missingSettings, randomSecret, requiredVariables } from './make-env.js';
import { readText } from './layout.js';

const compose = 'A: ${A:?x} and again ${A:?x}\nB: ${B_PASSWORD:?say}\nC: ${C:-1} $D ${E}\nurl: ${BASELINE_URL:?which}';
const secret = () => 'random';

test('what compose insists on is required, once; what has a default or nothing is not', () => {
  expect(requiredVariables(compose)).toEqual(['A', 'B_PASSWORD', 'BASELINE_URL']);
});

test('an empty .env gets the demo and a secret for everything else that is required', () => {
  expect(missingSettings(compose, '', secret)).toEqual([
    ['COMPOSE_PROFILES', 'demo'],
    ['BASELINE_URL', 'http://baseline:8000'],
    ['EGRESS_ALLOW', 'baseline:8000,faithful:8000'],
    ['A', 'random'],
    ['B_PASSWORD', 'random'],
  ]);
});

test('what stands in .env stays, and who has a baseline gets no demo', () => {
  expect(missingSettings(compose, 'BASELINE_URL=https://mine.example\nA=kept\n', secret)).toEqual([
    ['B_PASSWORD', 'random'],
  ]);
});

test('a second run finds nothing missing', () => {
  const real = readText('docker-compose.yml');
  const lines = missingSettings(real, '', randomSecret).map((setting) => setting.join('='));
  expect(lines.length).toBeGreaterThan(15);
  expect(missingSettings(real, lines.join('\n'), randomSecret)).toEqual([]);
});

test('secrets differ, begin with a letter, and need no quotes in a URL or in nats.conf', () => {
  const secrets = Array.from({ length: 100 }, randomSecret);
  expect(new Set(secrets).size).toBe(100);
  for (const one of secrets) expect(one).toMatch(/^[a-z][\w-]{43}$/);
});
