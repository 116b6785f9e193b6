import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
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

function benches(): string[] {
  const directory = join(root, 'dist/bench');
  if (!existsSync(directory)) return [];
  return readdirSync(directory).flatMap((file) => /^(.+)\.bench\.js$/.exec(file)?.[1] ?? []);
}

async function runBench(name: string): Promise<Gate[]> {
  const file = join(root, 'dist/bench', `${name}.bench.js`);
  if (!existsSync(file)) throw new Error(`There is no bench ${name}: choose among ${benches().join(', ')}.`);
  const out = await runProgram(['--expose-gc', '--enable-source-maps', file], 20);
  const last = out.trim().split('\n').at(-1) ?? '';
  return (JSON.parse(last) as { gates: Gate[] }).gates;
}

export const soakCommand = (): Command =>
  new Command('soak')
    .description('long runs, apart from test')
    .argument('<name>', 'bus')
    .option('--seconds <n>', 'how long', '60')
    .option('--json', 'one JSON document')
    .action(async (name: string, { seconds, json }: { seconds: string; json?: true }) => {
      const file = join(root, 'dist/bench', `${name}.soak.js`);
      if (!existsSync(file)) throw new Error(`There is no soak ${name}.`);
      const out = await runProgram(['--enable-source-maps', file, seconds], Number(seconds) / 60 + 10);
      say(json ? (out.trim().split('\n').at(-1) ?? '') : out.trim());
    });

function runProgram(args: readonly string[], minutesMax: number): Promise<string> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: minutesMax * 60_000,
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      code === 0 ? resolve(out) : reject(new Error(`${args.at(-1)} ended with ${signal ?? code}`)),
    );
  });
}
