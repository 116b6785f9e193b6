import { reasonFault } from './reason.js';
import { overrideReason } from '#libs/contracts/src/overrides.js';

describe('the reason of an override', () => {
  it.each(['', '  \n', 'x', 'x'.repeat(300), ` ${'x'.repeat(300)} `, 'x'.repeat(301), '🦉'.repeat(151)])(
    'is refused at its field when the service would refuse it: %j',
    (reason) => {
      expect(reasonFault(reason) === null).toBe(overrideReason.safeParse(reason).success);
    },
  );
});
