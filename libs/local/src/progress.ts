// How long steps are told: what is being waited for now, and what has been finished.

export interface Progress {
  /** Something that may take a while begins: "Starting Postgres". */
  step(text: string): void;
  /** Something is finished, and worth a line that stays: "Postgres 18 at 127.0.0.1:21304". */
  done(text: string): void;
}

export const silentProgress: Progress = { step: () => undefined, done: () => undefined };

interface Terminal {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/**
 * One line per finished thing. On a terminal also a live last line with what is being waited for and for how long, and
 * colour, unless NO_COLOR is set. Call `end()` before others write to the same stream.
 */
export function terminalProgress(
  out: Terminal = process.stdout,
  env: NodeJS.ProcessEnv = process.env,
): Progress & { end(): void } {
  const canRedraw = out.isTTY === true && env.TERM !== 'dumb';
  const grey = (text: string) => (env.NO_COLOR ? text : `\u001b[90m${text}\u001b[39m`);
  const live = canRedraw ? liveLine(out, grey) : { show: () => undefined, clear: () => undefined };
  return {
    step: (text) => live.show(text),
    done: (text) => {
      live.clear();
      out.write(`${text}\n`);
    },
    end: () => live.clear(),
  };
}

const REDRAW_MS = 100;

function liveLine(out: Terminal, grey: (text: string) => string): { show(text: string): void; clear(): void } {
  let timer: NodeJS.Timeout | undefined;
  const clear = () => {
    if (timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
    out.write('\r\u001b[K');
  };
  const show = (text: string) => {
    clear();
    const startedMs = performance.now();
    const draw = () => {
      const age = ` · ${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
      const room = Math.max(10, (out.columns ?? 80) - age.length - 1);
      const line = text.length > room ? `${text.slice(0, room - 1)}…` : text;
      out.write(`\r\u001b[K${line}${grey(age)}`);
    };
    timer = setInterval(draw, REDRAW_MS).unref();
    draw();
  };
  return { show, clear };
}
