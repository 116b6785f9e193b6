import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { findApps } from './apps.js';
import { ApiProblem, call, download } from '../api.js';
import { exitCode } from '../exit-code.js';
import { helpText } from '../help.js';
import { NotRunning } from '../installation.js';
import { grey, LiveLine, say, sayJson, table } from '../terminal.js';
import { DeclareWindow, probeWindow, windowSecondsMin, type ProbeWindow } from '#libs/contracts/src/windows.js';

interface Options {
  seconds: number;
  wait: boolean;
  evidence?: string;
  json?: true;
}

export const windowCommand = (): Command =>
  new Command('window')
    .description('a cutover begins now: watch an app, and prove whether it was down')
    .argument('<app>', 'name or id')
    .option('--seconds <n>', 'how long', readSeconds, 60)
    .option('--evidence <file>', 'write the evidence there when it is over')
    .option('--no-wait', 'begin it and return')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        examples: [
          ['window Ada', 'a minute of probes, then the verdict'],
          ['window Ada --seconds 300 --evidence ada.json', 'and a file that verify-evidence checks'],
        ],
        codes: [
          '0 proven',
          '1 violated: it was down, or lost a write',
          '2 not proven, refused, or the lab does not run',
          '64 no such app, or wrong command line',
        ],
      }),
    )
    .action(async (wanted: string, { seconds, wait, evidence, json }: Options) => {
      const [app] = await findApps([wanted]);
      const begun = await call(DeclareWindow.reply, 'POST', `/api/v1/apps/${app!.appId}/windows`, { seconds });
      if (!wait) return json ? sayJson(begun) : say(`Window ${begun.windowId} of ${seconds} s for ${begun.appName}.`);
      const window = await waitFor(begun.windowId, seconds * 1_000);
      if (evidence) writeFileSync(evidence, await download(`/api/v1/windows/${begun.windowId}/evidence`));
      if (json) sayJson(window);
      else show(window, evidence);
      process.exitCode = codeOf(window);
    });

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= windowSecondsMin && seconds <= 1_800) return seconds;
  throw new InvalidArgumentError(`It must be a whole number of seconds from ${windowSecondsMin} to 1800.`);
}

const askEveryMs = 1_000;
/** Beyond its end: the looks for its writes, and a filler that had to come back. */
const lateMsMax = 120_000;

/** Through an outage of ours, too: the window is not over by it. */
async function waitFor(windowId: string, lengthMs: number): Promise<ProbeWindow> {
  const line = new LiveLine();
  const begun = Date.now();
  try {
    for (;;) {
      const isLate = Date.now() - begun > lengthMs + lateMsMax;
      const window = await call(probeWindow, 'GET', `/api/v1/windows/${windowId}`).catch((error: unknown) => {
        if (isLate || !isPassing(error)) throw error;
      });
      if (window && (window.state === 'closed' || isLate)) return window;
      line.show(window ? liveText(window) : 'no answer from the filler; it goes on by itself');
      await sleep(askEveryMs);
    }
  } finally {
    line.clear();
  }
}

/** The window was accepted, so it is there: not found means that the filler has not heard of it yet. */
export const isPassing = (error: unknown): boolean =>
  error instanceof NotRunning ||
  (error instanceof ApiProblem && (error.document.status >= 500 || error.document.status === 404));

function liveText({ state, atMs, lengthMs, figures: { classes } }: ProbeWindow): string {
  if (state === 'due') return 'waiting for the filler';
  if (state === 'looking') return 'looking for its writes';
  const down = classes.read.downtimeMs + classes.write.downtimeMs;
  return `${Math.floor(atMs / 1_000)} of ${lengthMs / 1_000} s · ${classes.read.ok} reads · ${classes.write.ok} writes · ${down > 0 ? `down ${down} ms` : 'not down'}`;
}

const words = { proven: '✓ PROVEN', 'not-proven': '! NOT PROVEN', violated: '× VIOLATED' } as const;

function show({ appName, state, verdict, reasons, figures, head }: ProbeWindow, evidence: string | undefined): void {
  if (state !== 'closed') return say(`The window of ${appName} is not over: nobody has closed it.`);
  say(`${words[verdict!]}  ${appName}: ${reasons[0] ?? ''}`);
  for (const reason of reasons.slice(1)) say(`  ${reason}`);
  const { classes, inWindow, after, writes, longestGapMs, blindMs } = figures;
  const rows = (['read', 'write', 'read-your-write'] as const).map((of) => {
    const { sent, ok, failed, downtimeMs, outages } = classes[of];
    return [of, `${ok} of ${sent}`, String(failed), `${downtimeMs} ms`, String(outages.length)];
  });
  say(table([['', 'ANSWERED', 'FAILED', 'DOWN', 'OUTAGES'], ...rows]));
  for (const kind of ['read', 'write'] as const)
    for (const { fromMs, toMs, why, isOpen } of classes[kind].outages.slice(0, 10))
      say(`  down for ${kind}s from ${fromMs} to ${toMs} ms (${why}${isOpen ? ', and on' : ''})`);
  say(
    grey(
      `p50/p99 in the window ${inWindow.p50Ms}/${inWindow.p99Ms} ms, after it ${after.p50Ms}/${after.p99Ms} ms · longest without an answer ${longestGapMs} ms · lost ${writes.lost.length} of ${writes.acknowledged} · not seen by us ${blindMs} ms`,
    ),
  );
  say(grey(`evidence ${head}`));
  if (evidence) say(grey(`./lockstep verify-evidence ${evidence} --head ${head}`));
}

const codeOf = ({ verdict }: ProbeWindow): number =>
  verdict === 'proven' ? exitCode.done : verdict === 'violated' ? exitCode.failed : exitCode.unknown;
