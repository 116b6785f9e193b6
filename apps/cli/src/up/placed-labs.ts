import {
  addressOf,
  envBeside,
  problemsOf,
  readLabSettings,
  type Environment,
  type LabSettings,
} from './lab-settings.js';
import { labDir, labsBeside, type LabBeside } from '../labs.js';
import { mainLab, type LabCard } from '#libs/contracts/src/labs.js';
import { freePort, requireFree } from '#libs/local/src/ports.js';
import { SettingsError } from '#libs/platform/src/settings.js';

/** A lab whose settings can be used. */
export interface KnownLab {
  readonly name: string;
  /** Of its data and secrets. */
  readonly dir: string;
  readonly settings: LabSettings;
}
export interface PlacedLab extends KnownLab {
  readonly port: number;
}

/** The labs of an installation, the first one first. What is wrong with any of them is told at once: nothing has been started yet. */
export async function readLabs(installation: string, env: Environment, demo: boolean): Promise<KnownLab[]> {
  const wrong: SettingsError['rows'][number][] = [];
  const labs: KnownLab[] = [];
  const read = async (name: string, dir: string, settings: () => Promise<LabSettings>) => {
    const rows = await problemsOf(async () => labs.push({ name, dir, settings: await settings() }));
    wrong.push(...rows.map((row) => (name === mainLab ? row : { ...row, name: `${row.name} of ${name}` })));
  };
  await read(mainLab, installation, () => readLabSettings(env, demo));
  for (const { name, dir, settings } of labsBeside(installation))
    await read(name, dir, () => readLabSettings(envBeside(settings, env), false));
  if (wrong.length > 0) throw new SettingsError(wrong);
  refuseSharedBroker(labs);
  refuseSharedBaseline(labs);
  return labs;
}

/** Settings of a lab beside the first before they are saved: throws what is wrong with them, by themselves or beside those of others. */
export async function checkLab(installation: string, lab: Pick<LabBeside, 'name' | 'settings'>): Promise<void> {
  const others = labsBeside(installation).filter(({ name }) => name !== lab.name);
  const labs: KnownLab[] = [];
  for (const { name, settings } of [...others, lab])
    labs.push({
      ...{ name, dir: labDir(installation, name) },
      settings: await readLabSettings(envBeside(settings, {}), false),
    });
  refuseSharedPort(labs);
  refuseSharedBaseline(labs);
}

/** Each on its port, before anything else is started: most often it is another lab that has it. */
export async function placeLabs(labs: readonly KnownLab[]): Promise<PlacedLab[]> {
  refuseSharedPort(labs);
  const placed: PlacedLab[] = [];
  for (const lab of labs) placed.push({ ...lab, port: await choosePort(lab) });
  return placed;
}

function refuseSharedPort(labs: readonly KnownLab[]): void {
  for (const [index, lab] of labs.entries()) {
    const { port } = lab.settings;
    const other = port === 0 ? undefined : labs.slice(0, index).find(({ settings }) => settings.port === port);
    if (other)
      throw new Error(
        `Port ${port} is that of lab ${other.name}. Give ${lab.name} another PORT (./lockstep labs add, or set).`,
      );
  }
}

async function choosePort(lab: KnownLab): Promise<number> {
  const { host, port } = lab.settings;
  if (port === 0) return freePort();
  const forWhat = lab.name === mainLab ? 'the pages' : `the pages of ${lab.name}`;
  return requireFree({ port, host, forWhat, instead: instead(lab) });
}

const instead = ({ name, settings: { port } }: KnownLab): string =>
  name === mainLab ? `PORT=${port + 1} ./lockstep up` : `./lockstep labs set ${name} PORT=<port>`;

/** A broker that was given has one account for us, and in one account all would hear each other. */
function refuseSharedBroker(labs: readonly KnownLab[]): void {
  if (labs.length > 1 && labs[0]!.settings.natsUrl)
    throw new Error(
      `NATS_URL gives one broker account, and ${labs.length} labs need one each: start without it, or remove the labs beside ${mainLab} (./lockstep labs remove).`,
    );
}

/** Both labs would write to it, and each find there what it never sent. */
export function refuseSharedBaseline(labs: readonly Pick<KnownLab, 'name' | 'settings'>[], demoUrl?: string): void {
  const owners = new Map<string, string>();
  for (const { name, settings } of labs) {
    const own = settings.baselineUrl ?? (name === mainLab ? demoUrl : undefined);
    const urls = [own, settings.common['SHADOW_BASELINE_URL']].flatMap((url) => (url ? [new URL(url).href] : []));
    for (const url of urls) {
      const owner = owners.get(url);
      if (owner !== undefined && owner !== name)
        throw new Error(
          `${url} is the baseline of ${owner} and of ${name}: both would write to it. Give ${name} a BASELINE_URL of its own (./lockstep labs add, or set).`,
        );
      owners.set(url, name);
    }
  }
}

/** How each lab is shown to the people of the others. */
export const cardsOf = (labs: readonly PlacedLab[]): LabCard[] =>
  labs.map(({ name, settings: { title, address }, port }) => ({
    ...{ name, title: title ?? name, port, address: address ?? null },
  }));

export const urlOf = ({ settings, port }: PlacedLab): string => addressOf(settings.host, port);
