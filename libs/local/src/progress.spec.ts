import { terminalProgress } from './progress.js';

const screen = (more: { isTTY?: boolean; columns?: number } = {}) => {
  const written: string[] = [];
  return { ...more, written, write: (text: string) => written.push(text), text: () => written.join('') };
};

describe('progress on a terminal', () => {
  it('shows what is being waited for on one line and clears it for what is done', () => {
    const out = screen({ isTTY: true });
    const progress = terminalProgress(out, {});
    progress.step('Starting Postgres');
    progress.done('Postgres is up');
    progress.end();
    expect(out.text()).toBe('\r\u001b[KStarting Postgres\u001b[90m · 0.0 s\u001b[39m\r\u001b[KPostgres is up\n');
  });

  it('keeps the line within the width of the terminal', () => {
    const out = screen({ isTTY: true, columns: 30 });
    const progress = terminalProgress(out, { NO_COLOR: '1' });
    progress.step('Unpacking something with a very long name');
    const line = out.text().replace('\r\u001b[K', '');
    expect([line, line.length]).toEqual(['Unpacking something … · 0.0 s', 29]);
    progress.end();
  });

  it('has no colour with NO_COLOR', () => {
    const out = screen({ isTTY: true });
    const progress = terminalProgress(out, { NO_COLOR: '1' });
    progress.step('Starting');
    progress.end();
    expect(out.text()).toBe('\r\u001b[KStarting · 0.0 s\r\u001b[K');
  });

  it('leaves nothing to clear after the end', () => {
    const out = screen({ isTTY: true });
    const progress = terminalProgress(out, {});
    progress.end();
    progress.done('Ready');
    expect(out.text()).toBe('Ready\n');
  });
});

describe('progress elsewhere', () => {
  it.each([
    ['a file', {}, {}],
    ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }],
  ])('is one plain line for each finished thing in %s', (_, out, env) => {
    const file = screen(out);
    const progress = terminalProgress(file, env);
    progress.step('Starting Postgres');
    progress.done('Postgres is up');
    progress.end();
    expect(file.text()).toBe('Postgres is up\n');
  });
});
