import fc from 'fast-check';
import { indexBody, outsideValue, rowValues } from './body-index.js';
import type { BodyIndex } from './body-index.js';
import { makePlan } from './plan.js';
import type { RefusalCode } from './refusal.js';
import type { Limits, Shape } from './shape.js';

const one: Shape = { rows: null, order: 'set', identity: null, key: [], rules: [], outside: [] };
const rowsShape: Shape = { ...one, rows: '/rows' };
const utf8 = new TextEncoder();

function read(body: string | readonly number[], limits: Partial<Limits> = {}, shape = one): BodyIndex {
  const bytes = typeof body === 'string' ? utf8.encode(body) : Uint8Array.from(body);
  return indexBody(makePlan(shape, { seed: [1, 2], limits }), bytes);
}

function codeOf(body: string | readonly number[], limits: Partial<Limits> = {}, shape = one): RefusalCode | null {
  return read(body, limits, shape).refusal?.code ?? null;
}

function hashOf(body: string): string {
  const { refusal, hashes } = read(body);
  expect(refusal).toBeNull();
  return hashes.join();
}

/** The bytes of a text in which `<hex>` stands for raw bytes. */
function raw(text: string): number[] {
  return text
    .split(/<([0-9a-f ]+)>/)
    .flatMap((part, i) =>
      i % 2 === 0 ? [...utf8.encode(part)] : part.split(' ').map((hex) => Number.parseInt(hex, 16)),
    );
}

describe('strict JSON', () => {
  it.each([
    '{}',
    '[]',
    '""',
    '0',
    '-0',
    '-1',
    '1e5',
    '1E+5',
    '1.5e-5',
    '0.0',
    '0e0',
    '123456789012345678901234567890',
    'true',
    'false',
    'null',
    ' \t\r\n[ ] \t\r\n',
    '[1,2]',
    '[[[[]]]]',
    '{"a":{"b":{}}}',
    '{"":0}',
    '{"a":1,"a":2}',
    '"\\u0000"',
    '"\\ud83d\\uDE00"',
    '"\\"\\\\\\/\\b\\f\\n\\r\\t"',
    '"é ✨ 😀 \u{10ffff}"',
    '"\u007f"',
    '"\u2028\u2029"',
    '["a\\u0041", "\\u00e9"]',
    '"/"',
    '{"__proto__":{"constructor":1}}',
    '"~0123456789"',
    '-0.0e-0',
    '[0.1, -0.1, 10, 100, 1e00, 1e+00]',
    '"abc"',
    '"abcd"',
    '"abcde"',
    '"abcdefg"',
    '"abcdefgh"',
    '1e999999999999999999999',
    '[null]',
    '"\\\\"',
    '"\\\\\\""',
  ])('accepts %s', (body) => {
    expect(codeOf(body)).toBeNull();
  });

  it.each([
    '',
    ' ',
    '\t',
    'nul',
    'nulll',
    'True',
    'tru',
    'truE',
    'undefined',
    'NaN',
    '-NaN',
    'Infinity',
    '-Infinity',
    '-',
    '+1',
    '01',
    '-01',
    '00',
    '1.',
    '.5',
    '-.5',
    '1e',
    '1e+',
    '1.e5',
    '1e5.5',
    '0x1',
    '1_000',
    '1 2',
    '"',
    '"a',
    '"\\',
    '"\\"',
    "'a'",
    '"\\x41"',
    '"\\u"',
    '"\\u12"',
    '"\\u12g4"',
    '"\\U0041"',
    '"\\u 041"',
    '"\n"',
    '"\t"',
    '"\u0000"',
    '"a\u001f"',
    '[',
    ']',
    '[1',
    '[1,',
    '[1,]',
    '[,1]',
    '[,]',
    '[1 2]',
    '[1,,2]',
    '[1}',
    '[1]]',
    '[1],',
    '{',
    '}',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    '{,}',
    '{,"a":1}',
    '{"a" 1}',
    '{"a"::1}',
    '{"a":1 "b":2}',
    '{"a":1,,"b":2}',
    '{a:1}',
    "{'a':1}",
    '{1:1}',
    '{null:1}',
    '{"a":}',
    '{"a":1]',
    '[1]x',
    '{}{}',
    '// c\n1',
    '/**/1',
    '1//',
    '<html>',
    '[1]\u00a0',
    '\ufeff\ufeff1',
    '[\u00e9]',
    'é',
    '\u000b1',
    '[1]\u0000',
    '"a"b',
    '--1',
    '1-',
    '1ee5',
    '1e5e5',
    '[-]',
    '[+]',
    '{"a":tru}',
    '["\\',
    '["\\u00',
    '"\\ud83d\\u',
    '*',
  ])('refuses %j', (body) => {
    expect(codeOf(body)).toMatch(/^(not-json|empty)$/);
  });

  it.each([
    ['"<80>"', 'a lone continuation'],
    ['"<c0 80>"', 'an overlong NUL'],
    ['"<c1 bf>"', 'an overlong letter'],
    ['"<e0 80 80>"', 'overlong in three'],
    ['"<e0 9f bf>"', 'overlong in three, at the edge'],
    ['"<f0 80 80 80>"', 'overlong in four'],
    ['"<f0 8f bf bf>"', 'overlong in four, at the edge'],
    ['"<ed a0 80>"', 'a surrogate'],
    ['"<ed bf bf>"', 'the last surrogate'],
    ['"<f4 90 80 80>"', 'above U+10FFFF'],
    ['"<f5 80 80 80>"', 'a lead that is none'],
    ['"<ff>"', 'FF'],
    ['"<fe>"', 'FE'],
    ['"<c3>"', 'a sequence cut short'],
    ['"<e2 9c>"', 'three cut to two'],
    ['"<f0 9f 98>x"', 'four cut to three'],
    ['"<c3>\\u00a9"', 'a sequence cut by an escape'],
    ['"abcdefgh<c3>"', 'cut behind whole words'],
    ['{"<c3 28>":1}', 'a bad name'],
    ['"\\n<e9>"', 'Latin-1 behind an escape'],
  ])('refuses %s, which is not UTF-8: %s', (body) => {
    expect(codeOf(raw(body))).toBe('not-utf8');
  });

  it.each([
    '"<c2 80>"',
    '"<df bf>"',
    '"<e0 a0 80>"',
    '"<ed 9f bf>"',
    '"<ee 80 80>"',
    '"<ef bf bf>"',
    '"<f0 90 80 80>"',
    '"<f4 8f bf bf>"',
  ])('accepts %s, UTF-8 at the edge', (body) => {
    expect(codeOf(raw(body))).toBeNull();
  });

  it.each([
    '"\\ud800"',
    '"\\udc00"',
    '"\\ud800x"',
    '"\\ud800\\n"',
    '"\\ud800\\ud800"',
    '"\\ud800\\ue000"',
    '"\\udc00\\ud800"',
    '"\\ud83d\\u0041"',
    '{"\\udfff":1}',
  ])('refuses %s, half a surrogate pair', (body) => {
    expect(codeOf(body)).toBe('lone-surrogate');
  });

  it('says where reading stopped and what stood there', () => {
    expect(read('{"a":1,]').refusal).toEqual({
      code: 'not-json',
      offset: 7,
      sentence: 'The body is not JSON: at byte 7 "]" stands where a name in quotes was expected.',
    });
    expect(read('<!doctype html>').refusal?.sentence).toBe(
      'The body is not JSON: at byte 0 "<" stands where a value was expected.',
    );
    expect(read('[1').refusal?.sentence).toBe(
      'The body is not JSON: at byte 2 the text ends where "," or "]" was expected.',
    );
  });

  it('takes a byte order mark with a warning', () => {
    const { refusal, warnings, rowCount } = read([0xef, 0xbb, 0xbf, ...utf8.encode('{"a":1}')]);
    expect({ refusal, rowCount }).toEqual({ refusal: null, rowCount: 1 });
    expect(warnings.map(({ code, count }) => ({ code, count }))).toEqual([{ code: 'bom', count: 1 }]);
  });
});

describe('equal values have equal hashes, others do not', () => {
  it.each([
    ['1', '1.0'],
    ['1', '1e0'],
    ['1', '10e-1'],
    ['1', '0.1E+1'],
    ['0', '-0'],
    ['0', '0e999'],
    ['0', '-0.00E-7'],
    ['100', '1e2'],
    ['1e2', '10.0e1'],
    ['-2.50', '-25e-1'],
    ['12345678901234567890', '1234567890123456789e1'],
    ['0.00000000000000000001', '1e-20'],
    ['1e21', '1000000000000000000000'],
    ['10e999999', '1e1000000'],
    ['1e-1000000', '10e-1000001'],
    ['1e99999999999999999999', '10e99999999999999999998'],
    ['"A"', '"\\u0041"'],
    ['"é"', '"\\u00e9"'],
    ['"😀"', '"\\ud83d\\ude00"'],
    ['"/"', '"\\/"'],
    ['"\\n"', '"\\u000a"'],
    ['"abcdefgh ijkl"', '"abcdef\\u0067h ijkl"'],
    ['{"a":1,"b":2}', '{"b":2,"a":1}'],
    ['{"a":1}', ' { "a" : 1 } '],
    ['{"a":1}', '{"\\u0061":1}'],
    ['{"a":1}', '{"a":2,"a":1}'],
    ['{"x":{"a":1,"b":[]}}', '{"x":{"b":[],"a":7,"a":1}}'],
    ['[{"a":1,"a":2}]', '[{"a":2}]'],
    ['9007199254740993', '9007199254740993.0'],
    ['[1,[2,3]]', '[ 1 , [2.0,3] ]'],
    ['{"__proto__":1}', '{"__proto__":0,"__proto__":1}'],
    ['{"a":123456789012345678}', '{"a":1,"a":123456789012345678e0}'],
  ])('%s = %s', (one, other) => {
    expect(hashOf(one)).toBe(hashOf(other));
  });

  it.each([
    ['9007199254740993', '9007199254740992'],
    ['0.1', '0.1000000000000000055511151231257827'],
    ['1', '"1"'],
    ['true', '1'],
    ['true', '"true"'],
    ['null', '"null"'],
    ['null', '0'],
    ['false', '0'],
    ['""', '[]'],
    ['[]', '{}'],
    ['[]', '[[]]'],
    ['[1,2]', '[2,1]'],
    ['[1,2]', '[[1,2]]'],
    ['[[1],2]', '[[1,2]]'],
    ['{"a":1,"b":2}', '{"a":2,"b":1}'],
    ['{"a":{"b":1}}', '{"b":{"a":1}}'],
    ['{"a":{"b":1},"c":{}}', '{"a":{},"c":{"b":1}}'],
    ['1', '-1'],
    ['1', '10'],
    ['1.5', '15'],
    ['4294967296', '0'],
    ['4294967297', '1'],
    ['"é"', '"e\u0301"'],
    ['"a"', '"a "'],
    ['""', '"\\u0000"'],
    ['"abc"', '"abc\\u0000"'],
    ['{"a":null}', '{}'],
    ['{"a":1}', '{"a":1,"b":1}'],
    ['["a","b"]', '["ab"]'],
    ['[{},{}]', '[{}]'],
    ['[{"a":1},{"b":2}]', '[{"a":1,"b":2}]'],
    ['1e400', '1e401'],
    ['1e-400', '0'],
    ['[1,1]', '[1]'],
    ['{"a":[]}', '{"a":{}}'],
    ['[null]', '[]'],
    ['100000000000000000001', '100000000000000000002'],
    ['-9007199254740993', '9007199254740993'],
  ])('%s ≠ %s', (one, other) => {
    expect(hashOf(one)).not.toBe(hashOf(other));
  });
});

describe('limits', () => {
  it.each<[RefusalCode, string, string, Partial<Limits>]>([
    ['body-too-long', '[1]', '[11]', { bodyBytesMax: 3 }],
    ['too-deep', '[[{"a":[]}]]', '[[{"a":[[]]}]]', { depthMax: 4 }],
    ['row-too-long', '[123]', '[1234]', { rowBytesMax: 5 }],
    ['number-too-long', '[-1.25]', '[-1.255]', { numberBytesMax: 5 }],
    ['string-too-long', '["abcde"]', '["abcdef"]', { stringBytesMax: 5 }],
    ['string-too-long', '["\\nabc"]', '["\\nabcd"]', { stringBytesMax: 5 }],
  ])('%s: %s passes, %s does not', (code, fits, exceeds, limits) => {
    expect(codeOf(fits, limits)).toBeNull();
    expect(codeOf(exceeds, limits)).toBe(code);
  });

  it('counts rows, and what stands outside them', () => {
    expect(codeOf('{"rows":[1,2]}', { rowsMax: 2 }, rowsShape)).toBeNull();
    expect(codeOf('{"rows":[1,2,3]}', { rowsMax: 2 }, rowsShape)).toBe('too-many-rows');
    expect(codeOf(`{"rows":[${'"aaaa",'.repeat(9)}1],"x":1}`, { rowBytesMax: 20 }, rowsShape)).toBeNull();
    expect(codeOf('{"rows":[1],"x":"12345678901234567"}', { rowBytesMax: 20 }, rowsShape)).toBe('outside-too-long');
    expect(codeOf(`{"rows":[${'"aaaa",'.repeat(9)}1],"rows":[]}`, { rowBytesMax: 20 }, rowsShape)).toBe(
      'outside-too-long',
    );
    expect(codeOf(`{"rows":[]}${' '.repeat(20)}`, { rowBytesMax: 20 }, rowsShape)).toBe('outside-too-long');
  });

  it('takes depth 128, numbers of 1 KiB and names of any kind by default', () => {
    expect(codeOf('['.repeat(128) + ']'.repeat(128))).toBeNull();
    expect(codeOf('['.repeat(129) + ']'.repeat(129))).toBe('too-deep');
    expect(codeOf('9'.repeat(1024))).toBeNull();
    expect(codeOf('9'.repeat(1025))).toBe('number-too-long');
    expect(codeOf(`{"a":1,"a":${'9'.repeat(1024)}}`)).toBeNull();
  });

  it('finds the rows, or says that there are none', () => {
    expect(codeOf('{"rows":[]}', {}, rowsShape)).toBeNull();
    expect(codeOf('{"ROWS":[]}', {}, rowsShape)).toBe('rows-missing');
    expect(codeOf('[]', {}, rowsShape)).toBe('rows-missing');
    expect(codeOf('{"rows":{}}', {}, rowsShape)).toBe('rows-not-array');
    expect(codeOf('{"rows":[1],"rows":null}', {}, rowsShape)).toBe('rows-not-array');
    expect(codeOf('{"a":[1],"a":{}}', {}, { ...one, rows: '/a/b' })).toBe('rows-missing');
    expect(codeOf('{"a":{"b":[1]},"a":{}}', {}, { ...one, rows: '/a/b' })).toBe('rows-missing');
    expect(codeOf('[1]', {}, { ...one, rows: '' })).toBeNull();
    const twice = read('{"rows":[1,2],"rows":[3]}', {}, rowsShape);
    expect([rowValues(twice), outsideValue(twice)]).toEqual([[3], { rows: [] }]);
    expect(read('{"r/w":{"~":[1,2]}}', {}, { ...one, rows: '/r~1w/~0' }).rowCount).toBe(2);
  });

  it('finds names that repeat, however deep they stand', () => {
    const deep = `${'{"x":1,"y":2,"x":'.repeat(120)}0${'}'.repeat(120)}`;
    expect(read(deep).warnings).toMatchObject([{ code: 'repeated-names', count: 120 }]);
    expect(read(deep.replaceAll('"y":2,"x"', '"y":2,"z"')).warnings).toEqual([]);
  });
});

describe('hostile bytes', () => {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const isAccepted = (bytes: Uint8Array): boolean => {
    try {
      const text = decoder.decode(bytes);
      JSON.parse(text);
      return !text.replaceAll(WELL_FORMED_ESCAPE, '').includes('\\');
    } catch {
      return false;
    }
  };
  const seeds = [
    '{"rows":[{"id":1,"text":"é ✨ \\"q\\" \\ud83d\\ude00","n":-1.5e+10,"t":[true,false,null,{}]}]}',
    '[0,[],"\\u0041\\n",{"a":"b"}]',
  ];

  it('are accepted exactly when JSON.parse accepts them and no half surrogate pair is written', () => {
    const edit = fc.record({
      at: fc.nat(),
      kind: fc.constantFrom('set', 'cut', 'drop', 'copy'),
      byte: fc.oneof(fc.nat(255), fc.constantFrom(...utf8.encode('{}[]",:\\u0e-.9tdD \n'))),
    });
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 4 }), (text, edits) => {
        let bytes = [...utf8.encode(text)];
        for (const { at, kind, byte } of edits) {
          const place = at % (bytes.length + 1);
          if (kind === 'set') bytes[place] = byte;
          else if (kind === 'cut') bytes = bytes.slice(0, place);
          else if (kind === 'drop') bytes.splice(place, 1 + (byte % 3));
          else bytes.splice(place, 0, ...bytes.slice(byte % 20, 20));
        }
        const body = Uint8Array.from(bytes);
        expect(codeOf(bytes) === null).toBe(isAccepted(body));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([...seeds, ' {"a" : [1, 2.5 , "x"] } '])('is refused at every place where %s is cut short', (text) => {
    const bytes = [...utf8.encode(text.trimEnd())];
    for (let length = 0; length < bytes.length; length++) expect(codeOf(bytes.slice(0, length))).not.toBeNull();
    expect(codeOf(bytes)).toBeNull();
  });

  it.each<[string, () => string]>([
    ['open brackets', () => '['.repeat(2_000_000)],
    ['nested names', () => '{"a":'.repeat(500_000)],
    ['one endless text', () => `"${'a'.repeat(4_000_000)}`],
    ['one text of escapes', () => `"${'\\n'.repeat(2_000_000)}"`],
    ['half markers', () => `{"rows":["${'~0'.repeat(500_000)}"]}`],
    ['one endless number', () => '9'.repeat(4_000_000)],
    [
      'numbers of zeros',
      () =>
        `{"rows":[${Array(2000)
          .fill(`1${'0'.repeat(1000)}1`)
          .join()}]}`,
    ],
    [
      'huge exponents',
      () =>
        `{"rows":[${Array(5000)
          .fill(`1e${'9'.repeat(900)}`)
          .join()}]}`,
    ],
    ['one object of many names', () => `{"rows":[{${Array.from({ length: 80_000 }, (_, i) => `"${i}":0`).join()}}]}`],
    ['one name again and again', () => `{"rows":[{${Array(80_000).fill('"a":0').join()}}]}`],
    ['rows that repeat names', () => `{"rows":[${Array(40_000).fill('{"a":1,"a":2}').join()}]}`],
    [
      'rows that change shape',
      () => `{"rows":[${Array.from({ length: 100_000 }, (_, i) => (i % 2 ? '{"a":1}' : '{"b":{"c":1}}')).join()}]}`,
    ],
    ['white space', () => `[${' '.repeat(4_000_000)}`],
    ['rows in rows', () => `{"rows":[],${Array(50_000).fill('"rows":[1,2,3]').join()}}`],
  ])('cost linear time: %s', (_name, make) => {
    const { refusal, rowCount } = read(make(), {}, { ...rowsShape, identity: { kind: 'marker', path: '' } });
    expect(refusal === null).toBe(rowCount > 0);
  });
});

/** Any escape but half a surrogate pair. */
const WELL_FORMED_ESCAPE =
  /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}|[^u])/g;
