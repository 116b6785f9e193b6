import { Command } from 'commander';
import { z } from 'zod';
import { call } from '../api.js';
import { UsageError } from '../exit-code.js';
import { askingCodes, helpText } from '../help.js';
import { ago, bold, grey, say, sayJson, table } from '../terminal.js';
import { submittedApp, type LimitLeft } from '#libs/contracts/src/gateway.js';
import { listedApp, WithdrawApp, type ListedApp } from '#libs/contracts/src/submission.js';

/** submit, apps, withdraw */
export function appsCommands(): Command[] {
  return [submitCommand(), listCommand(), withdrawCommand()];
}

const submitCommand = () =>
  new Command('submit')
    .description('submit an app by the address under which it runs')
    .argument('<name>', 'how the board shows it')
    .argument('<url>', 'http or https address of the running app')
    .option('--team <team>', 'team behind it')
    .option('--pseudonym <name>', 'shown instead; only staff see name and team. "" takes it away')
    .option('--claim-code <code>', 'the code of the first submission: updates that app')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        examples: [
          ['submit "Ada" https://ada.example.org', 'a new app; prints its claim code once'],
          ['submit "Ada" https://ada.example.org/v2 --claim-code 3fQ…', 'the same app at another address'],
        ],
        codes: askingCodes,
      }),
    )
    .action(async (name: string, url: string, options: SubmitOptions) => {
      const { team, pseudonym, claimCode } = options;
      const app = await call(submittedApp, 'POST', '/api/v1/apps', {
        name,
        url,
        ...(team ? { team } : {}),
        ...(pseudonym === undefined ? {} : { pseudonym: pseudonym || null }),
        ...(claimCode ? { claimCode } : {}),
      });
      if (options.json) return sayJson(app);
      say(`${app.name} ${app.created ? 'takes part' : 'is updated'}: ${app.url}`);
      if (app.pseudonym) say(`shown as    ${app.pseudonym}`);
      say(`id          ${app.appId}`);
      if (app.claimCode) say(`claim code  ${bold(app.claimCode)}   (shown this once; it changes or withdraws the app)`);
      if (app.newApps) say(grey(`From this address ${leftText(app.newApps)}.`));
    });

interface SubmitOptions {
  readonly team?: string;
  readonly pseudonym?: string;
  readonly claimCode?: string;
  readonly json?: true;
}

const leftText = ({ left, max, resetsAt }: LimitLeft): string =>
  `${left} of ${max} new apps left${resetsAt ? `, resets at ${resetsAt.slice(11, 16)} UTC` : ''}`;

const listCommand = () =>
  new Command('apps')
    .description('who takes part')
    .option('--json', 'one JSON document')
    .addHelpText('after', helpText({ examples: [['apps', 'names, addresses and ids']], codes: askingCodes }))
    .action(async ({ json }: { json?: true }) => {
      const apps = await everyApp();
      if (json) return sayJson(apps);
      if (apps.length === 0) return say('No app takes part yet. Submit one:  ./lockstep submit <name> <url>');
      const nameOf = ({ name, real }: ListedApp) => (real ? `${name} (${real.name})` : name);
      const rows = apps.map((app) => [nameOf(app), app.url, ago(app.joinedAt, Date.now()), app.appId]);
      say(table([['APP', 'ADDRESS', 'JOINED', 'ID'], ...rows]));
    });

const withdrawCommand = () =>
  new Command('withdraw')
    .description('take an app out: it is filled and compared no more')
    .argument('<app>', 'name or id')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        examples: [['withdraw Ada', 'its verdicts stay; who submits it again begins anew']],
        codes: ['0 withdrawn', '2 refused, or the lab does not run', '64 no such app, or wrong command line'],
      }),
    )
    .action(async (wanted: string, { json }: { json?: true }) => {
      const [app] = await findApps([wanted]);
      const answer = await call(WithdrawApp.reply, 'DELETE', `/api/v1/apps/${app!.appId}`);
      if (json) sayJson(answer);
      else say(`${app!.name} is withdrawn.`);
    });

const everyApp = async (): Promise<ListedApp[]> =>
  (await call(z.object({ apps: z.array(listedApp) }), 'GET', '/api/v1/apps')).apps;

/** Apps by name or id; a name that fits none or several is a clear error. */
export async function findApps(wanted: readonly string[]): Promise<ListedApp[]> {
  const apps = await everyApp();
  return wanted.map((name) => {
    const found = apps.filter((app) => app.appId === name || app.name.toLowerCase() === name.toLowerCase());
    if (found.length === 1) return found[0]!;
    throw new UsageError(
      found.length === 0
        ? `No app is called ${name}. ./lockstep apps lists them.`
        : `${found.length} apps are called ${name}: use the id.`,
    );
  });
}
