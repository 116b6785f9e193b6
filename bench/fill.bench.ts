import { gate, median, report, spread } from './side-by-side.js';
import { ClassOfApps } from '#libs/testing/src/class-of-apps.js';
import { GatewayClient } from '#libs/testing/src/gateway-client.js';
import { Lab } from '#libs/testing/src/lab.js';

/**
 * Browser fills a minute: nine targets, each filled through its page by the real browser, seven fills after one to warm up.
 */
const students = 8;
const fills = 7;
const wantedPerMinute = 20;

const env = {
  ADMIN_TOKEN: 'a-token-for-the-bench-that-is-long-enough-01234',
  ADMIN_PASSWORD: 'a password for the bench',
  PORT: '0',
  FILL_DRIVER: 'browser',
  FILL_INTERVAL_SECONDS: '86400',
  COMPARE_INTERVAL_SECONDS: '86400',
};
const lab = await Lab.start({ env });
const apps = await ClassOfApps.start(
  lab,
  Object.fromEntries(Array.from({ length: students }, (_, i) => [`App ${i}`, []])),
);
const gateway = await GatewayClient.of(lab);
await gateway.staff('PATCH', '/api/v1/automation', { fill: { on: false } });
for (const app of apps.students.values())
  await gateway.visitor('POST', '/api/v1/apps', { name: app.name, url: app.url });

const perMinute: number[] = [];
for (let fill = 0; fill <= fills; fill += 1) {
  await gateway.staff('POST', '/api/v1/fills');
  await lab.settle({ workWithinMs: 15_000 });
  const [took] = await lab.query<{ seconds: number; parts: number; acknowledged: number }>(
    'filler',
    `select extract(epoch from closed_at - requested_at)::float8 as seconds,
            (select count(*)::int from part where part.fill_id = fill.fill_id and driver = 'browser' and state = 'filled') as parts,
            (select count(*)::int from write_log where write_log.fill_id = fill.fill_id and state = 'acknowledged' and not is_canary) as acknowledged
     from fill order by number desc limit 1`,
  );
  if (took!.parts !== students + 1 || took!.acknowledged !== (students + 1) * 3)
    throw new Error(`a fill was not whole: ${JSON.stringify(took)}`);
  if (fill > 0) perMinute.push((took!.parts / took!.seconds) * 60);
}
await lab.stop();
await apps.stop();

report([
  gate('fill: 20 browser fills a minute', median(perMinute) / wantedPerMinute, 1, `${spread(perMinute)} a minute`),
]);
