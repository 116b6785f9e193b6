import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Command, InvalidArgumentError } from 'commander';
import { exitCode } from '../exit-code.js';
import { root } from '../installation.js';
import { say, sayJson, table } from '../terminal.js';

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
    .action(async (names: string[], { json }: { json?: true }) => {
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

/** Names of the programs of a kind in `bench/`. */
function filesOf(kind: 'bench' | 'soak'): string[] {
  const directory = join(root, 'dist/bench');
  if (!existsSync(directory)) return [];
  return readdirSync(directory).flatMap((file) => (file.endsWith(`.${kind}.js`) ? [file.split('.')[0]!] : []));
}
const benches = (): string[] => filesOf('bench');
const lastLine = (out: string): string => out.trim().split('\n').at(-1) ?? '';

async function runBench(name: string): Promise<Gate[]> {
  const file = join(root, 'dist/bench', `${name}.bench.js`);
  if (!existsSync(file)) throw new Error(`There is no bench ${name}: choose among ${benches().join(', ')}.`);
  const { out, code } = await runProgram(['--expose-gc', '--enable-source-maps', file], { minutesMax: 20 });
  if (code !== 0) throw new Error(`The bench ${name} ended with exit code ${code}; it measured nothing.`);
  return (JSON.parse(lastLine(out)) as { gates: Gate[] }).gates;
}

export const soakCommand = (): Command =>
  new Command('soak')
    .description('long runs, apart from test')
    .argument('<name>', filesOf('soak').join(', '))
    .option('--seconds <n>', 'how long', toSeconds, 60)
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      '\nbus: one random fault after the other under load; after each the books must be even. SEED=n repeats the choices of a run.\nExit codes: 0 nothing found · 1 something was',
    )
    .action(async (name: string, { seconds, json }: { seconds: number; json?: true }) => {
      const file = join(root, 'dist/bench', `${name}.soak.js`);
      if (!existsSync(file)) throw new Error(`There is no soak ${name}: choose among ${filesOf('soak').join(', ')}.`);
      const { out, code } = await runProgram(['--enable-source-maps', file, String(seconds)], {
        minutesMax: seconds / 60 + 10,
        onLine: json ? () => {} : say,
      });
      if (json) say(lastLine(out));
      process.exitCode = code === 0 ? exitCode.done : exitCode.failed;
    });

function toSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds > 0) return seconds;
  throw new InvalidArgumentError('It must be a whole number of seconds.');
}

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
    timeout: minutesMax * 60_000,
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
