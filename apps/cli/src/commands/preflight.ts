import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { call } from '../api.js';
import { exitCode } from '../exit-code.js';
import { helpText } from '../help.js';
import { bold, grey, LiveLine, paint, say, sayJson } from '../terminal.js';
import { preflightNames } from '#libs/contracts/src/preflight-names.js';
import { preflightView, type PreflightState, type PreflightView } from '#libs/contracts/src/preflight.js';

type Line = PreflightView['lines'][number];
interface Options {
  readonly write: boolean;
  readonly json?: true;
}

export const preflightCommand = (): Command =>
  new Command('preflight')
    .description('look at an app before it is submitted; it counts nowhere')
    .argument('<url>', 'http or https address of the running app')
    .option('--no-write', 'only read: the app is left as it is')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        examples: [
          [
            'preflight https://ada.example.org',
            'reads it as a comparison does, then writes one entry and looks for it',
          ],
          ['preflight https://ada.example.org --no-write', 'reads it, and writes nothing'],
        ],
        codes: [
          '0 nothing failed (a warning is no failure)',
          '1 something failed',
          '2 something is not known, refused, or the lab does not run',
          '64 wrong command line',
        ],
      }),
    )
    .action(async (url: string, { write, json }: Options) => {
      const asked = await call(preflightView, 'POST', '/api/v1/preflights', { url });
      const end = Date.now() + waitMsMax;
      const tell = json ? () => undefined : (line: Line) => say(lineText(line));
      const how = { write, tell, isLate: () => Date.now() > end };
      const view = await follow(asked, how, gatewayOf(asked.preflightId));
      if (json) sayJson(view);
      else say(`\n${view.state === 'over' ? bold(view.sentence) : notOver}`);
      process.exitCode = codeOf(view);
    });

const askEveryMs = 300;
const waitMsMax = 120_000;
const notOver = 'It is not over yet, and no longer waited for. Start it again.';

/** What is asked of the gateway about one pre-flight. */
export interface Asking {
  readonly look: () => Promise<PreflightView>;
  readonly write: () => Promise<PreflightView>;
}

const gatewayOf = (preflightId: string): Asking => {
  const path = `/api/v1/preflights/${preflightId}`;
  return {
    look: async () => {
      await sleep(askEveryMs);
      return call(preflightView, 'GET', path);
    },
    write: () => call(preflightView, 'POST', `${path}/write`),
  };
};

export interface Following {
  readonly write: boolean;
  readonly tell: (line: Line) => void;
  readonly isLate: () => boolean;
}

/** Tells each line once, as it comes, and asks for the write when it may. Ends when nothing more comes. */
export async function follow(asked: PreflightView, how: Following, gateway: Asking): Promise<PreflightView> {
  const told = new Set<Line['check']>();
  const live = new LiveLine();
  let wantsWrite = how.write;
  try {
    for (let view = asked; ; view = await gateway.look()) {
      const isWriteDue = view.mayWrite && wantsWrite;
      // Until it is asked for, its line says that nobody wants it.
      const isWriteOpen = isWriteDue || (wantsWrite && view.state !== 'over');
      for (const line of newLines(view, told).filter(({ check }) => check !== 'write' || !isWriteOpen)) {
        live.clear();
        told.add(line.check);
        how.tell(line);
      }
      if (isWriteDue) {
        await gateway.write();
        wantsWrite = false;
      } else if (view.state === 'over' || how.isLate()) return view;
      live.show(wantsWrite || !how.write ? `looking at ${view.url}` : 'writing one entry, and looking for it');
    }
  } finally {
    live.clear();
  }
}

const newLines = ({ lines }: PreflightView, told: ReadonlySet<Line['check']>): Line[] =>
  lines.filter(({ check, state }) => state !== 'waiting' && !told.has(check));

const looks: Record<PreflightState, readonly [glyph: string, colour: (text: string) => string]> = {
  passed: ['✓', paint('36')],
  warned: ['!', paint('33')],
  failed: ['×', paint('91')],
  unknown: ['?', paint('35')],
  skipped: ['–', grey],
};
const nameWidth = Math.max(...Object.values(preflightNames).map((name) => name.length));

/** Glyph, name, what was seen; below it, what to do. */
export function lineText({ check, state, sentence, next }: Line): string {
  if (state === 'waiting') return '';
  const [glyph, colour] = looks[state];
  const line = `${colour(glyph)} ${preflightNames[check].padEnd(nameWidth)}  ${sentence}`.trimEnd();
  return next ? `${line}\n${' '.repeat(nameWidth + 4)}${next}` : line;
}

/** Warnings are no failures; what is not known is no success. */
export function codeOf({ state, lines }: Pick<PreflightView, 'state' | 'lines'>): number {
  const has = (wanted: PreflightState) => lines.some((line) => line.state === wanted);
  if (has('failed')) return exitCode.failed;
  return state !== 'over' || has('unknown') ? exitCode.unknown : exitCode.done;
}
