import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../checkout.js';
import { about, unless, type Findings } from '../findings.js';
import { readText, type Layout } from '../layout.js';
import { services } from '#libs/contracts/src/catalogue.js';

const run = promisify(execFile);
const sources = ['apps', 'libs', 'package.json', 'tsconfig.json', '.swcrc'];
const msMax = 60_000;

/**
 * `npx nest build` alone makes a checkout that has been built by nobody ready for `npx nest start <service>`: tried in a copy. Without
 * settings a service that was built whole ends with its table of what is missing; one that lacks a lib ends with a stack.
 */
export async function checkNestBuild(_layout: Layout, read = readText): Promise<Findings> {
  const copy = mkdtempSync(join(tmpdir(), 'lockstep-nest-'));
  try {
    for (const name of sources) cpSync(join(root, name), join(copy, name), { recursive: true, filter: isSource });
    writeFileSync(join(copy, 'nest-cli.json'), read('nest-cli.json'));
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    await run(process.execPath, ['node_modules/@nestjs/cli/bin/nest.js', 'build'], { cwd: copy, timeout: msMax });
    const findings = await Promise.all(services.map((service) => startOf(copy, service)));
    return about('nest build', findings.flat());
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const isSource = (path: string): boolean => !/\/(node_modules|dist|apps\/web\/src)(\/|$)/.test(path.slice(root.length));

async function startOf(copy: string, service: string): Promise<Findings> {
  const entry = join('dist', 'apps', service, 'src', 'main.js');
  const { code, stderr } = await run(process.execPath, [entry], { cwd: copy, env: {}, timeout: msMax }).then(
    () => ({ code: 0, stderr: '' }),
    (error: unknown) => error as { code: number; stderr: string },
  );
  const isWhole = code === 2 && stderr.startsWith('The configuration cannot be used:');
  return unless(
    isWhole,
    `${service} does not start from it (${stderr.split('\n').find(Boolean) ?? `exit code ${code}`})`,
  );
}
