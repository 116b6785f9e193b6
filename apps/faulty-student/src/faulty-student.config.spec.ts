import { readConfig } from './faulty-student.config.js';

const target = 'http://127.0.0.1:9001';

describe('the configuration', () => {
  it('needs only the app behind the door', () => {
    expect(readConfig({ TARGET_URL: target })).toEqual({ target, port: 9002, faults: [], seed: 1 });
  });

  it('takes faults as a JSON list', () => {
    const faults = [{ name: 'drop-acknowledged', everyNth: 4, kinds: ['entry'] }];
    const read = readConfig({
      TARGET_URL: target,
      PORT: '0',
      HOST: '0.0.0.0',
      SEED: '7',
      FAULTS: JSON.stringify(faults),
    });
    expect(read).toEqual({ target, port: 0, host: '0.0.0.0', seed: 7, faults });
  });

  it('names every mistake at once', () => {
    expect(() => readConfig({ TARGET_URL: 'ftp://x', PORT: 'x', SEED: '-1', FAULTS: '{' })).toThrow(
      /TARGET_URL must.*PORT must.*SEED must.*FAULTS must/,
    );
  });
});
