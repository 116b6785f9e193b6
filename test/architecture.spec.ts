import { readFileSync } from 'node:fs';
import { globSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { refuse } from '../eslint.boundaries.js';
import { events, eventsTo, requests, services } from '#libs/contracts/src/catalogue.js';

const root = resolve(import.meta.dirname, '..');
const files = globSync(['{apps,libs,test,bench,deploy}/**/*.{ts,tsx}'], {
  cwd: root,
  exclude: (name) => /node_modules|^dist/.test(String(name)),
});
const isTest = (file: string) =>
  /[.-]spec\.tsx?$/.test(file) ||
  /^(test|bench)\//.test(file) ||
  /^apps\/[^/]+\/(test|dev)\//.test(file) ||
  /^libs\/[^/]+\/test\//.test(file);
const source = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));

/** Every module that a file names: import, export … from, import(). */
function importsOf(file: string): string[] {
  const text = source.get(file)!;
  const found = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!);
  return found.map((target) =>
    target.startsWith('#')
      ? target.slice(1)
      : target.startsWith('.')
        ? relative(root, resolve(root, file, '..', target))
        : target,
  );
}
const kebab = (name: string) => name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();

describe('the house', () => {
  it('is large enough that these rules see it', () => {
    expect(files.length).toBeGreaterThan(200);
    expect(importsOf('apps/comparator/src/bootstrap.ts').length).toBeGreaterThan(3);
  });

  it('lets every file import only what its place may know', () => {
    const broken = files.flatMap((file) =>
      importsOf(file)
        .flatMap((target) => refuse(file, target) ?? [])
        .map((why) => `${file}: ${why}`),
    );
    expect(broken).toEqual([]);
  });

  it('refuses what it should refuse', () => {
    expect(refuse('apps/filler/src/domain/x.ts', 'node:fs')).toMatch(/pure code/);
    expect(refuse('apps/filler/src/handlers/x.ts', 'apps/filler/src/clients/y.js')).toMatch(/no clients/);
    expect(refuse('apps/filler/src/x.ts', 'apps/journal/src/y.js')).toMatch(/never imports an app/);
    expect(refuse('libs/parity/src/x.ts', 'libs/platform/src/y.js')).toMatch(/must not import/);
    expect(refuse('apps/filler/src/handlers/x.ts', '@mikro-orm/core')).toMatch(/persistence/);
    expect(refuse('apps/filler/src/x.ts', 'libs/testing/src/lab.js')).toMatch(/must not import/);
  });

  it('gives every event a handler file of its name in each service that hears it, and no other', () => {
    for (const service of services) {
      const wanted = eventsTo(service).map(
        (route) => `apps/${service}/src/handlers/${kebab(route.contract.name)}.handler.ts`,
      );
      const there = files.filter((file) => file.startsWith(`apps/${service}/src/handlers/`));
      expect(there.toSorted()).toEqual(wanted.toSorted());
    }
  });

  it('sends every event from its own service, and answers every request there', () => {
    const inApp = (service: string, text: RegExp) =>
      files.some((file) => file.startsWith(`apps/${service}/src/`) && text.test(source.get(file)!));
    for (const { contract, from } of events)
      expect([contract.name, inApp(from, new RegExp(`send\\(tx, ${contract.name}\\b`))]).toEqual([contract.name, true]);
    for (const { contract, to } of requests)
      expect([contract.name, inApp(to, new RegExp(`@Answers\\(${contract.name}\\)`))]).toEqual([contract.name, true]);
  });

  it('keeps the clock, chance and the environment out of every domain', () => {
    const pure = files.filter(
      (file) =>
        (/\/src\/domain\//.test(file) || /^libs\/(parity|proof)\/src\//.test(file) || /\/src\/pure\//.test(file)) &&
        !isTest(file),
    );
    const impure = pure.filter((file) =>
      /Date\.now\(|new Date\(\)|Math\.random\(|process\.|\basync\b|\bawait\b|performance\./.test(source.get(file)!),
    );
    expect(pure.length).toBeGreaterThan(20);
    expect(impure).toEqual([]);
  });

  it('reads the environment in one file of each service', () => {
    const readers = files.filter(
      (file) =>
        /^apps\/(?!cli|web|journal|faulty-student)[^/]+\/src\//.test(file) &&
        !isTest(file) &&
        /process\.env/.test(source.get(file)!),
    );
    expect(readers).toEqual([]);
  });

  it('has no folder that hides what is in it, and no file that holds two things', () => {
    const vague = files.filter((file) =>
      /\/(utils?|helpers?|types?|interfaces?|constants?|common|shared)(\/|\.tsx?$)/.test(file),
    );
    const long = files.filter((file) => !isTest(file) && source.get(file)!.split('\n').length > 330);
    expect([vague, long]).toEqual([[], []]);
  });

  it('tells in every service and lib what it is for', () => {
    const places = [
      ...new Set(
        files.filter((file) => /^(apps|libs)\//.test(file)).map((file) => file.split('/').slice(0, 2).join('/')),
      ),
    ];
    const silent = places.filter((place) => globSync(`${place}/README.md`, { cwd: root }).length === 0);
    expect(silent).toEqual([]);
  });
});
