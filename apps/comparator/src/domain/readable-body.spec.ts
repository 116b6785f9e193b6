import { endpoints } from './endpoints.js';
import { planFor, readBody } from './readable-body.js';
import { rowValue } from '#libs/parity/src/body-index.js';

const utf8 = new TextEncoder();
const entries = endpoints.find(({ kind }) => kind === 'entry')!;
const read = (text: string) => readBody(planFor(entries, [1, 2]), utf8.encode(text));
const row = (n: number) => ({ id: n, text: `${'long '.repeat(10)}${n}`, created_at: '2026-11-20T10:00:00.000Z' });
const bodyOf = (count: number) => JSON.stringify({ rows: Array.from({ length: count }, (_, n) => row(n)), page: 1 });

describe('the rows of a body that has been read', () => {
  it('are parsed once, in a small body', () => {
    const body = read(bodyOf(40));
    expect(Array.from(body.starts, (_, n) => body.rowAt(n))).toEqual(Array.from({ length: 40 }, (_, n) => row(n)));
    expect(body.rowAt(7)).toBe(body.rowAt(7));
    expect(body.rowAt(7)).toEqual(rowValue(body, 7));
  });

  it('are not kept of a large one, and the same', () => {
    const body = read(bodyOf(4_000));
    expect(body.bytes.length).toBeGreaterThan(256 * 1024);
    expect(body.rowAt(3_999)).not.toBe(body.rowAt(3_999));
    expect(body.rowAt(3_999)).toEqual(row(3_999));
  });

  it('are those of the body without halves of surrogate pairs, where it has some', () => {
    const body = read('{"rows":[{"text":"a"},{"text":"\\ud83d"}]}');
    expect(body.refusal).toBeNull();
    expect([body.rowAt(0), body.rowAt(1)]).toEqual([{ text: 'a' }, rowValue(body, 1)]);
  });

  it('lose nothing of their numbers', () => {
    const body = read('{"rows":[{"text":"a","n":1},{"text":"b","n":9007199254740993}]}');
    expect(body.rowAt(1)).toMatchObject({ n: { text: '9007199254740993e0' } });
    expect(read('{"rows":[{"n":1e400}]}').rowAt(0)).toMatchObject({ n: { text: '1e400' } });
  });
});
