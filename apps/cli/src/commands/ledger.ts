import { Command } from 'commander';
import { z } from 'zod';
import { call } from '../api.js';
import { exitCode } from '../exit-code.js';
import { helpText } from '../help.js';
import { say, sayJson, table } from '../terminal.js';
import type { Ledger } from '#libs/messaging/src/ledger-check.js';

const count = z.number();
const faults = { lost: count, duplicated: count, phantom: count, outOfOrder: count };
const ledgerReply = z.object({
  ...faults,
  lines: z.array(
    z.object({
      producer: z.string(),
      consumer: z.string(),
      committed: count,
      applied: count,
      ...faults,
      underWay: count,
    }),
  ),
});

export const ledgerCommand = (): Command =>
  new Command('ledger')
    .description('what every log committed against what every consumer applied')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        more: 'lost: committed, read past, never applied · duplicated: applied twice · phantom: applied, never committed · out of order: within a key',
        examples: [['ledger', 'one line per road of the catalogue']],
        codes: ['0 all zero', '1 something is not', '2 refused, or the lab does not run'],
      }),
    )
    .action(async ({ json }: { json?: true }) => {
      const ledger = await call(ledgerReply, 'GET', '/api/v1/ledger');
      process.exitCode = isClean(ledger) ? exitCode.done : exitCode.failed;
      if (json) return sayJson(ledger);
      show(ledger);
    });

type Shown = z.output<typeof ledgerReply>;
const isClean = ({ lost, duplicated, phantom, outOfOrder }: Pick<Ledger, keyof typeof faults>): boolean =>
  lost + duplicated + phantom + outOfOrder === 0;

function show(ledger: Shown): void {
  const counts = (line: Shown['lines'][number]) =>
    [line.committed, line.applied, line.underWay, line.lost, line.duplicated, line.phantom, line.outOfOrder].map(
      String,
    );
  const rows = ledger.lines.map((line) => [`${line.producer} → ${line.consumer}`, ...counts(line)]);
  say(table([['ROAD', 'COMMITTED', 'APPLIED', 'UNDER WAY', 'LOST', 'DUPLICATED', 'PHANTOM', 'OUT OF ORDER'], ...rows]));
  say(
    isClean(ledger)
      ? 'Nothing lost, nothing doubled, nothing invented, nothing out of order.'
      : 'Something is wrong: the lines above say where.',
  );
}
