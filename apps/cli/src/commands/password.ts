import { Command } from 'commander';
import { askingCodes, helpText } from '../help.js';
import { apiToken, apiUrl } from '../installation.js';
import { newPassword } from '../new-password.js';
import { bold, say, sayJson } from '../terminal.js';

export const passwordCommand = (): Command =>
  new Command('password')
    .description('make a new staff password; the old one ends, and with it whoever is signed in')
    .argument('[name]', 'account', process.env['ADMIN_USERNAME'] || 'admin')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({ examples: [['password', 'when the one of the first start is lost']], codes: askingCodes }),
    )
    .action(async (name: string, { json }: { json?: true }) => {
      const made = await newPassword({ url: apiUrl(), token: apiToken() }, name);
      if (json) return sayJson(made);
      say(`Staff sign in as ${bold(made.name)} with password ${bold(made.password)}`);
      say('It is shown this once; only its hash is kept.');
    });
