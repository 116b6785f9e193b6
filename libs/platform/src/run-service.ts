import { armFailpoints } from './failpoint.js';
import { SettingsError } from './settings.js';

interface Running {
  getUrl(): Promise<string>;
  close(): Promise<unknown>;
}

/** What is under way gets this long to end after a signal. */
const stopMsMax = 15_000;

/**
 * Runs one service as a process of its own: whatever the log level, one line says `ready` and where; configuration that cannot be used ends it with a table on stderr and code 2;
 * SIGTERM or SIGINT stops it in order; a second signal, or 15 s, ends it at once with code 1.
 */
export async function runService<Config extends { failpoints: string }>(
  readConfig: () => Config,
  bootstrap: (config: Config) => Promise<Running>,
): Promise<void> {
  try {
    const config = readConfig();
    armFailpoints(config.failpoints);
    const app = await bootstrap(config);
    closeOnSignal(app);
    process.stdout.write(`${JSON.stringify({ msg: 'ready', url: await app.getUrl() })}\n`);
  } catch (error) {
    process.stderr.write(
      `${error instanceof SettingsError ? error.message : String((error as Error).stack ?? error)}\n`,
    );
    process.exit(error instanceof SettingsError ? 2 : 1);
  }
}

function closeOnSignal(app: Running): void {
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), stopMsMax).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`stopping failed: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
}
