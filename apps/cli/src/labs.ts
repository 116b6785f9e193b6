import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from './exit-code.js';
import { labName, mainLab } from '#libs/contracts/src/labs.js';
import { writeAtomically } from '#libs/local/src/atomic-write.js';
import { isFree } from '#libs/local/src/ports.js';

/** What is remembered of a lab beside the first, whether it was ever started or not. */
export interface LabBeside {
  readonly name: string;
  readonly dir: string;
  /** As in the environment of `up`, and only its own. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Where a lab has its data and secrets: in a directory of its own, the first one in that of the installation. */
export const labDir = (installation: string, name: string): string =>
  name === mainLab ? installation : join(installation, `${prefix}${name}`);

const prefix = 'lab-';
const settingsFile = 'settings.json';

export function labsBeside(installation: string): LabBeside[] {
  const names = readdirSync(installation).flatMap((entry) =>
    entry.startsWith(prefix) ? [entry.slice(prefix.length)] : [],
  );
  return names
    .filter((name) => existsSync(join(labDir(installation, name), settingsFile)))
    .toSorted()
    .map((name) => readFrom(installation, name));
}

/** The one with this name; throws one line when there is none, or it is the first. */
export function labBeside(installation: string, name: string): LabBeside {
  if (name === mainLab)
    throw new UsageError(`${mainLab} is the lab that is always there: its settings are those of the environment.`);
  const names = [mainLab, ...labsBeside(installation).map((lab) => lab.name)];
  if (names.includes(name)) return readFrom(installation, name);
  throw new UsageError(`No lab is called ${name}. There is ${names.join(', ')}.`);
}

export function saveLab(installation: string, { name, settings }: Pick<LabBeside, 'name' | 'settings'>): void {
  const dir = labDir(installation, name);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  writeAtomically(join(dir, settingsFile), `${JSON.stringify(settings, undefined, 2)}\n`, 0o600);
}

/** A new name: throws one line when it is none, or taken. */
export function toNewName(installation: string, text: string): string {
  const name = toLabName(text);
  if (name === mainLab || labsBeside(installation).some((lab) => lab.name === name))
    throw new UsageError(`There is a lab ${name} already. ./lockstep labs list shows all.`);
  return name;
}

export function toLabName(text: string): string {
  const { data, error } = labName.safeParse(text);
  if (error) throw new UsageError(`"${text.slice(0, 40)}" is no name for a lab: it ${error.issues[0]!.message}.`);
  return data;
}

const firstPort = 8001;
const portMax = 65_535;

/** The lowest from 8001 on that no lab of the installation has and nobody listens on; remembered, it is the lab's from then on. */
export async function nextPort(
  installation: string,
  isOpen: (port: number) => Promise<boolean> = isFree,
): Promise<number> {
  const taken = new Set(labsBeside(installation).map(({ settings }) => Number(settings['PORT'])));
  for (let port = firstPort; port <= portMax; port += 1) if (!taken.has(port) && (await isOpen(port))) return port;
  throw new Error(`No port from ${firstPort} on is free: say which one, as PORT=<port>.`);
}

function readFrom(installation: string, name: string): LabBeside {
  const dir = labDir(installation, name);
  const path = join(dir, settingsFile);
  try {
    return { name, dir, settings: JSON.parse(readFileSync(path, 'utf8')) as Record<string, string> };
  } catch (error) {
    throw new Error(`${path} cannot be read as the settings of lab ${name}. Put the right file back, or remove it.`, {
      cause: error,
    });
  }
}
