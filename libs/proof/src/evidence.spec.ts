import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { evidenceOf, verifyEvidence } from './evidence.js';
import { judge } from './judge.js';
import { planFor } from './plan.js';
import { probesOf, steady } from '../test/simulated-app.js';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const plan = planFor(15_000);
const records = probesOf(plan, { ...steady, outages: [{ fromMs: 4_000, toMs: 6_000 }] });
const { text, head } = evidenceOf(records, judge(plan, records), hash);

describe('a file of evidence', () => {
  it('verifies as it was made, and its verdict follows from it again', () => {
    const verified = verifyEvidence(text, hash, head);
    expect(verified).toMatchObject({ isValid: true, problems: [], head, proof: { verdict: 'violated' } });
    expect(verified.window).toMatchObject({ appName: 'Ada “the first”' });
    expect(JSON.parse(text)).toMatchObject({ format: 'lockstep-evidence/1' });
  });

  it('does not verify with any byte changed, anywhere', () => {
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at]! + by) % 256;
        expect(verifyEvidence(changed.toString('utf8'), hash).isValid).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('says where it was changed', () => {
    const lines = text.split('\n');
    const at = lines.findIndex((line) => line.includes('"outcome":"failed"'));
    lines[at] = lines[at]!.replace('"failed"', '"ok"');
    expect(verifyEvidence(lines.join('\n'), hash).problems).toContain(`The chain breaks at line ${at} (sample).`);
  });

  it('does not verify with a line less, a line more, or two in another order', () => {
    const lines = text.split('\n');
    const [fourth, fifth] = [lines[3]!, lines[4]!];
    for (const other of [
      lines.toSpliced(4, 1),
      lines.toSpliced(4, 0, fourth),
      lines.with(3, fifth).with(4, fourth),
      lines.toSpliced(-2),
    ])
      expect(verifyEvidence(other.join('\n'), hash).isValid).toBe(false);
  });

  it('that was made anew with a kinder verdict is found by its records; made anew as a whole, by the hash that the lab shows', () => {
    const kinder = judge(plan, probesOf(plan, steady));
    const forged = evidenceOf(records, kinder, hash);
    expect(verifyEvidence(forged.text, hash).problems).toEqual(['Its verdict does not follow from its records.']);
    const invented = probesOf(plan, steady);
    const whole = evidenceOf(invented, judge(plan, invented), hash);
    expect(verifyEvidence(whole.text, hash).isValid).toBe(true);
    expect(verifyEvidence(whole.text, hash, head)).toMatchObject({ isValid: false });
  });

  it.each(['', '{}', 'null', '[]', '{"format":"lockstep-evidence/1","lines":[]}', '{"format":"lockstep-evidence/1","lines":[{"record":{"kind":"window"},"hash":""},{"record":{"kind":"verdict"},"hash":""}]}'])('is not %j', (other) => expect(verifyEvidence(other, hash).isValid).toBe(false)); // prettier-ignore
});
