import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Command, InvalidArgumentError } from 'commander';
import { exitCode, UsageError } from '../exit-code.js';
import { helpText } from '../help.js';
import { root } from '../installation.js';
import { leaveStdoutToJson, say, sayJson, table } from '../terminal.js';

interface Gate {
  readonly name: string;
  readonly ratio: number;
  readonly gate: number;
  readonly ok: boolean;
}

/** Every `bench/<name>.bench.ts` prints `{gates: [...]}` as its last line; each runs in a process of its own. */
export const benchCommand = (): Command =>
  new Command('bench')
    .description('performance gates, measured side by side as ratios')
    .argument('[names...]', `of ${benches().join(', ')}; none means all`)
    .option('--json', '{gates: [{name, ratio, gate, ok}]}')
    .addHelpText(
      'after',
      helpText({
        examples: [
          ['bench', 'all of them, some minutes'],
          ['bench parity relay --json', 'two'],
        ],
        codes: ['0 every gate held', '1 one did not', '2 one could not be measured', '64 no such bench'],
      }),
    )
    .action(async (names: string[], { json }: { json?: true }) => {
      for (const name of names) fileOf('bench', name); // before the first of them takes minutes
      const gates: Gate[] = [];
      for (const name of names.length > 0 ? names : benches()) gates.push(...(await runBench(name)));
      process.exitCode = gates.every((gate) => gate.ok) ? exitCode.done : exitCode.failed;
      if (json) return sayJson({ gates });
      const rows = gates.map((gate) => [
        gate.ok ? '◆' : '▲',
        gate.name,
        gate.ratio.toPrecision(3),
        `gate ${gate.gate}`,
      ]);
      say(table([['', 'GATE', 'MEASURED', 'WANTED'], ...rows]));
    });

type Kind = 'bench' | 'soak';

/** Names of the programs of a kind in `bench/`. */
function filesOf(kind: Kind): string[] {
  const directory = join(root, 'dist/bench');
  if (!existsSync(directory)) return [];
  return readdirSync(directory).flatMap((file) => (file.endsWith(`.${kind}.js`) ? [file.split('.')[0]!] : []));
}
const benches = (): string[] => filesOf('bench');
const lastLine = (out: string): string => out.trim().split('\n').at(-1) ?? '';

function fileOf(kind: Kind, name: string): string {
  if (filesOf(kind).includes(name)) return join(root, 'dist/bench', `${name}.${kind}.js`);
  throw new UsageError(`There is no ${kind} ${name}: choose among ${filesOf(kind).join(', ')}.`);
}

async function runBench(name: string): Promise<Gate[]> {
  const file = fileOf('bench', name);
  const { out, code } = await runProgram(['--expose-gc', '--enable-source-maps', file], { minutesMax: 20 });
  if (code !== 0) throw new Error(`The bench ${name} ended with exit code ${code}; it measured nothing.`);
  return (JSON.parse(lastLine(out)) as { gates: Gate[] }).gates;
}

export const soakCommand = (): Command =>
  new Command('soak')
    .description('long runs, apart from test')
    .argument('<name>', filesOf('soak').join(', '))
    .option('--seconds <n>', 'how long: 60; for http at most: 600', toCount('seconds'))
    .option('--comparisons <n>', 'how many, for http', toCount('comparisons'), 1_000)
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        more: `bus: one random fault after the other under load; after each the books must be even.
verdicts: the judging engine on simulated labs; no faithful app may be called out of sync, every planted fault must be found and named.
http: faithful apps through all services, real HTTP and the bus, while fills go on; 1 also when the comparisons were not made in time.
SEED=n repeats the choices of a run.`,
        examples: [
          ['soak bus --seconds 600', 'ten minutes'],
          ['soak verdicts --seconds 300 --json', 'five minutes, and one document of what was found'],
          ['soak http --comparisons 5000 --seconds 1800', 'so many comparisons, within half an hour'],
        ],
        codes: ['0 nothing found', '1 something was', '64 no such soak'],
      }),
    )
    .action(async (name: string, given: { seconds?: number; comparisons: number; json?: true }) => {
      const { comparisons, json, seconds = name === 'http' ? 600 : 60 } = given;
      if (json) leaveStdoutToJson();
      const told = [String(seconds), String(comparisons)];
      const { out, code } = await runProgram(['--enable-source-maps', fileOf('soak', name), ...told], {
        minutesMax: seconds / 60 + 10,
        onLine: say,
      });
      if (json) process.stdout.write(`${lastLine(out)}\n`);
      process.exitCode = code === 0 ? exitCode.done : exitCode.failed;
    });

const toCount =
  (what: string) =>
  (text: string): number => {
    const count = Number(text);
    if (Number.isInteger(count) && count > 0) return count;
    throw new InvalidArgumentError(`It must be a whole number of ${what}.`);
  };

interface Run {
  readonly minutesMax: number;
  /** Told of each line as it comes. */
  readonly onLine?: (line: string) => void;
}

/** What it printed, and its exit code; 1 when it took too long. */
async function runProgram(
  args: readonly string[],
  { minutesMax, onLine }: Run,
): Promise<{ out: string; code: number }> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: Math.ceil(minutesMax * 60_000),
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
  let out = '';
  for await (const line of createInterface({ input: child.stdout })) {
    out += `${line}\n`;
    onLine?.(line);
  }
  return { out, code: await ended };
}
