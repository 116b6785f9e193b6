/** The steps of `./lockstep test`, each a command in the checkout. Steps of jest report their own counts; the others count as one. */
export interface Step {
  readonly title: string;
  readonly command: readonly string[];
  readonly jest: boolean;
  /** After this long the step has failed. */
  readonly minutesMax: number;
}

const node = process.execPath;
const jest = (project: string, ...more: string[]): readonly string[] => [
  ...[
    node,
    '--experimental-vm-modules',
    '--no-warnings',
    'node_modules/jest/bin/jest.js',
    '--selectProjects',
    project,
    '--forceExit',
  ],
  ...more,
];
const twoAtOnce = ['--maxWorkers=2'];
/** More than there are cores: they wait for facts part of the time, each with a Postgres and NATS of its own. */
const threeAtOnce = ['--maxWorkers=3'];
const typescript = 'node_modules/typescript7/bin/tsc';

export const steps = {
  format: {
    title: 'Format',
    command: [node, 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
    jest: false,
    minutesMax: 2,
  },
  lint: { title: 'Lint', command: [node, 'node_modules/eslint/bin/eslint.js', '.'], jest: false, minutesMax: 4 },
  types: {
    title: 'Types',
    command: ['sh', '-c', `'${node}' ${typescript} --noEmit -p . && '${node}' ${typescript} --noEmit -p apps/web`],
    jest: false,
    minutesMax: 3,
  },
  deploy: {
    title: 'Deploy files',
    command: [node, '--enable-source-maps', 'dist/deploy/validate.js'],
    jest: false,
    minutesMax: 2,
  },
  unit: { title: 'Unit tests', command: jest('unit', ...twoAtOnce), jest: true, minutesMax: 3 },
  service: { title: 'Service tests', command: jest('int', ...threeAtOnce), jest: true, minutesMax: 8 },
  whole: { title: 'Whole-system tests', command: jest('e2e', ...twoAtOnce), jest: true, minutesMax: 12 },
} as const satisfies Record<string, Step>;
export type StepName = keyof typeof steps;
