import { Command } from 'commander';
import { call } from '../api.js';
import { exitCode } from '../exit-code.js';
import { say, sayJson, table } from '../terminal.js';
import type { Ledger } from '#libs/messaging/src/ledger-check.js';

export const ledgerCommand = (): Command =>
  new Command('ledger')
    .description('what every log committed against what every consumer applied')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      '\nlost: committed, read past, never applied · duplicated: applied twice · phantom: applied, never committed · out of order: within a key\nExit codes: 0 all zero · 1 something is not',
    )
    .action(async ({ json }: { json?: true }) => {
      const ledger = await call<Ledger>('GET', '/api/v1/ledger');
      const clean = ledger.lost + ledger.duplicated + ledger.phantom + ledger.outOfOrder === 0;
      process.exitCode = clean ? exitCode.done : exitCode.failed;
      if (json) return sayJson(ledger);
      const counts = (line: Ledger['lines'][number]) =>
        [line.committed, line.applied, line.underWay, line.lost, line.duplicated, line.phantom, line.outOfOrder].map(
          String,
        );
      const rows = ledger.lines.map((line) => [`${line.producer} → ${line.consumer}`, ...counts(line)]);
      say(
        table([
          ['ROAD', 'COMMITTED', 'APPLIED', 'UNDER WAY', 'LOST', 'DUPLICATED', 'PHANTOM', 'OUT OF ORDER'],
          ...rows,
        ]),
      );
      say(
        clean
          ? 'Nothing lost, nothing doubled, nothing invented, nothing out of order.'
          : 'Something is wrong: the lines above say where.',
      );
    });
