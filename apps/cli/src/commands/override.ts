import { Argument, Command } from 'commander';
import { findApps } from './apps.js';
import { call } from '../api.js';
import { UsageError } from '../exit-code.js';
import { helpText } from '../help.js';
import { say, sayJson, verdictText } from '../terminal.js';
import { boardView } from '#libs/contracts/src/gateway.js';
import {
  givenVerdict,
  overrideReasonCharsMax,
  OverrideVerdict,
  type GivenVerdict,
} from '#libs/contracts/src/overrides.js';

interface Options {
  reason: string;
  takeBack?: true;
  json?: true;
}

export const overrideCommand = (): Command =>
  new Command('override')
    .description('overrule the newest verdict on an app, with a reason; everybody reads it')
    .argument('<app>', 'name or id')
    .addArgument(new Argument('[verdict]', 'what it is instead').choices(givenVerdict.options))
    .requiredOption('--reason <text>', `why, in at most ${overrideReasonCharsMax} characters`)
    .option('--take-back', 'what staff said of it no longer counts')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        more: 'It holds for this comparison only: the next one speaks for itself. What the comparison said is kept, and shown beside it.',
        examples: [
          [
            'override Ada in-sync --reason "The proxy of the lab dropped its answers."',
            'the board says so from now on',
          ],
          ['override Ada --take-back --reason "It was the app."', 'the comparison speaks for itself again'],
        ],
        codes: [
          '0 done',
          '2 refused (it says so itself, a newer comparison has ended, …), or the lab does not run',
          '64 no such app, or wrong command line',
        ],
      }),
    )
    .action(async (wanted: string, verdict: GivenVerdict | undefined, { reason, takeBack, json }: Options) => {
      if ((verdict === undefined) !== (takeBack === true))
        throw new UsageError('Say which verdict it is instead, or --take-back, and not both.');
      const comparisonId = await newestOf(wanted);
      const body = { verdict: verdict ?? null, reason };
      const done = await call(OverrideVerdict.reply, 'POST', `/api/v1/comparisons/${comparisonId}/override`, body);
      if (json) return sayJson(done);
      say(`${verdictText(done.verdict)}  ${done.sentence}`);
      if (done.override) say(`The comparison itself said: ${done.override.machine.sentence}`);
    });

/** The comparison that the board shows of an app. */
async function newestOf(wanted: string): Promise<string> {
  const [app] = await findApps([wanted]);
  const { rows } = await call(boardView, 'GET', '/api/v1/board');
  const comparisonId = rows.find((row) => row.appId === app!.appId)?.comparisonId;
  if (!comparisonId) throw new UsageError(`${app!.name} has not been compared yet.`);
  return comparisonId;
}
