import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../checkout.js';
import { about, unless, type Findings } from '../findings.js';
import { readText, type Layout } from '../layout.js';

interface NestCli {
  readonly projects: Readonly<
    Record<string, { readonly root: string; readonly compilerOptions: { readonly tsConfigPath: string } }>
  >;
}

/** nest-cli.json knows every app that can be started and every lib that it imports. */
export function checkNestProjects(_layout: Layout, read = readText): Findings {
  const projects = Object.values((JSON.parse(read('nest-cli.json')) as NestCli).projects);
  const apps = globSync('apps/*/src/main.ts', { cwd: root }).map((file) => dirname(dirname(file)));
  const libs = globSync('libs/*/src', { cwd: root }).map(dirname);
  const known = projects.map((project) => project.root);
  const files = [...known, ...projects.map((project) => project.compilerOptions.tsConfigPath)];
  return about('nest-cli.json', [
    ...[...apps, ...libs].flatMap((path) => unless(known.includes(path), `${path} is missing`)),
    ...files.flatMap((path) => unless(existsSync(join(root, path)), `${path} does not exist`)),
  ]);
}
