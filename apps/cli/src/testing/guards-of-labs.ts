import { e2e, int, unit, type Guard } from './guard.js';

const plan = 'libs/local/src/service-plan.spec.ts';
const labs = 'apps/cli/test/labs.e2e-spec.ts';
const placed = 'apps/cli/src/up/placed-labs.spec.ts';

/** What keeps the labs of one installation apart. */
export const guardsOfLabs: readonly Guard[] = [
  {
    guarantee: 'each lab has an account of its own on the broker',
    file: 'libs/local/src/nats-config.ts',
    line: '${accounts.length > 1 ? severalAccounts(accounts) : globalAccount(accounts)}`;',
    instead: '${accounts.length > 999 ? severalAccounts(accounts) : globalAccount(accounts)}`;',
    test: int('libs/local/test/nats.int-spec.ts', 'several accounts have each its streams'),
  },
  {
    guarantee: 'the streams of a lab that is removed are removed',
    file: 'libs/local/src/nats.ts',
    line: 'removeOtherAccounts(storeDir, accountDirectories(accounts));',
    instead: 'void removeOtherAccounts; void accountDirectories;',
    test: int('libs/local/test/nats.int-spec.ts', 'several accounts have each its streams'),
  },
  {
    guarantee: 'each lab has databases of its own',
    file: 'libs/local/src/service-plan.ts',
    line: 'lab === mainLab ? `lockstep_${service}` : `lockstep_${lab}_${service}`;',
    instead: 'lab === "" ? "" : `lockstep_${service}`;',
    test: unit(plan, 'the plan of a lab shares neither databases nor users nor passwords'),
  },
  {
    guarantee: 'no lab has the token, password or local apps of the first',
    file: 'apps/cli/src/up/lab-settings.ts',
    line: '...Object.fromEntries(ofMachine.map((name) => [name, env[name]])),',
    instead: '...env,',
    test: unit(placed, 'the labs of an installation have of the environment only what is of the machine'),
  },
  {
    guarantee: 'no two labs are told to write to one baseline',
    file: 'apps/cli/src/up/placed-labs.ts',
    line: 'if (owner !== undefined && owner !== name)',
    instead: "if (owner === '')",
    test: unit(placed, 'the labs of an installation do not share a baseline'),
  },
  {
    guarantee: 'labs on one host do not sign each other’s staff out',
    file: 'apps/gateway/src/accounts/session-cookie.ts',
    line: "const name = lab === mainLab ? 'lockstep' : `lockstep-${lab}`;",
    instead: "const name = lab === '' ? '' : 'lockstep';",
    test: e2e(labs, 'two labs of one installation refuse each other'),
  },
  {
    guarantee: 'a lab that does not start leaves the others running',
    file: 'apps/cli/src/up/start.ts',
    line: 'failed.push({ name: lab.name, why: error instanceof Error ? error.message : String(error) });',
    instead: 'throw error;',
    test: e2e(labs, 'two labs of one installation start although a third does not'),
  },
  {
    guarantee: 'the data of a lab are not removed by mistake',
    file: 'apps/cli/src/removing-lab.ts',
    line: 'if (!dropData)',
    instead: 'if (lost.apps < 0)',
    test: e2e(labs, 'two labs of one installation go when they are told to'),
  },
];
