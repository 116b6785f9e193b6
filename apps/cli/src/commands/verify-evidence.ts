import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { exitCode, UsageError } from '../exit-code.js';
import { helpText } from '../help.js';
import { grey, say, sayJson } from '../terminal.js';
import { verifyEvidence, type Verified } from '#libs/proof/src/evidence.js';

/** Needs nothing that runs: the file, and the same rules that judged it. */
export const verifyEvidenceCommand = (): Command =>
  new Command('verify-evidence')
    .description('check a file of evidence: every byte, and whether its verdict follows; works offline')
    .argument('<file>', 'as it was downloaded')
    .option(
      '--head <hash>',
      'the hash that the page of the app shows: else a file that was made anew as a whole passes',
    )
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        examples: [
          ['verify-evidence ada.json', 'is it as it was made?'],
          ['verify-evidence ada.json --head 3f9a…', 'and is it the one that the lab made?'],
        ],
        codes: ['0 valid, whatever its verdict', '1 changed', '64 no such file, or wrong command line'],
      }),
    )
    .action((file: string, { head, json }: { head?: string; json?: true }) => {
      const verified = verifyEvidence(read(file), sha256, head);
      if (json) sayJson(verified);
      else show(verified, head);
      process.exitCode = verified.isValid ? exitCode.done : exitCode.failed;
    });

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function read(file: string): string {
  try {
    // As it stands: bytes that are no UTF-8 become another text, which does not verify.
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`${file} cannot be read.`);
  }
}

const words = { proven: 'PROVEN', 'not-proven': 'NOT PROVEN', violated: 'VIOLATED' } as const;

function show({ isValid, problems, window, proof, head }: Verified, asked: string | undefined): void {
  say(isValid ? '✓ Valid: as it was made, and its verdict follows from its records.' : '× Not valid.');
  for (const problem of problems) say(`  ${problem}`);
  if (window && proof) {
    say(`${window.appName} ${window.url}, ${window.plan.lengthMs / 1_000} s from ${window.opensAt}`);
    say(`${isValid ? 'Verdict' : 'Its records as they are now say'}: ${words[proof.verdict]}`);
    for (const reason of proof.reasons) say(`  ${reason}`);
  }
  if (head && asked === undefined) say(grey(`Its last hash is ${head}: compare it with the page of the app, or give it as --head.`)); // prettier-ignore
}
