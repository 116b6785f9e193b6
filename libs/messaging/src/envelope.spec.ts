import fc from 'fast-check';
import { headers } from '@nats-io/transport-node';
import { fromMessage, toHeaders } from './envelope.js';

const row = {
  n: 7,
  id: '0199f0a0-0000-7000-8000-000000000001',
  name: 'AppSubmitted',
  key: 'k',
  body: '{}',
  traceparent: null,
  appendedAt: '2026-01-01T00:00:00.000000Z',
};

describe('an event as a message', () => {
  it('comes back as it went, whatever its key', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.option(fc.constant(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`)),
        (key, traceparent) => {
          const sent = { ...row, key, traceparent };
          expect(fromMessage(toHeaders(sent, 'submission', 'one'), row.body, 'submission')).toEqual({
            ...sent,
            logId: 'one',
            producer: 'submission',
          });
        },
      ),
    );
  });

  it('is foreign without a log, a number, an id, a name or a readable key', () => {
    expect(fromMessage(undefined, '{}', 'submission')).toBeUndefined();
    for (const [name, value] of [
      ['lockstep-n', '0'],
      ['lockstep-n', '1.5'],
      ['lockstep-n', ''],
      ['lockstep-log', ''],
      ['ce-id', ''],
      ['ce-type', ''],
      ['lockstep-key', '%'],
    ]) {
      const hdrs = toHeaders(row, 'submission', 'one');
      hdrs.set(name!, value!);
      expect(fromMessage(hdrs, '{}', 'submission')).toBeUndefined();
    }
    expect(fromMessage(headers(), '{}', 'submission')).toBeUndefined();
  });
});
