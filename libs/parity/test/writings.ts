/** A JSON value as a test means it, apart from how it is written. */
export type Meant = null | boolean | string | MeantNumber | Meant[] | MeantObject;
/** digits × 10^power */
export class MeantNumber {
  constructor(
    readonly digits: bigint,
    readonly power = 0,
  ) {}
}
export class MeantObject {
  constructor(readonly fields: readonly (readonly [name: string, value: Meant])[]) {}

  with(name: string, value: Meant): MeantObject {
    return new MeantObject([...this.fields.filter(([other]) => other !== name), [name, value]]);
  }
}

export function object(fields: Readonly<Record<string, Meant>>): MeantObject {
  return new MeantObject(Object.entries(fields));
}
export function integer(value: number): MeantNumber {
  return new MeantNumber(BigInt(value));
}

/** Small, seeded, good enough to choose among writings (mulberry32). Numbers from 0 up to 1. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function shuffled<T>(values: readonly T[], seed: number): T[] {
  const random = randomFrom(seed);
  const result = [...values];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}

/** Writes a value plainly, as JSON.stringify would. */
export function plain(value: Meant): string {
  return new Writer(() => 1).write(value);
}

/** Writes a value in one of its many ways: white space, escapes, order of names, forms of numbers, names that lose to later ones. */
export function scribbled(value: Meant, seed: number): string {
  return new Writer(randomFrom(seed)).write(value);
}

class Writer {
  constructor(private readonly random: () => number) {}

  write(value: Meant): string {
    return this.space() + this.bare(value) + this.space();
  }

  private bare(value: Meant): string {
    if (typeof value === 'string') return this.text(value);
    if (value instanceof MeantNumber) return this.number(value);
    if (Array.isArray(value)) return `[${value.map((element) => this.write(element)).join(',') || this.space()}]`;
    if (!(value instanceof MeantObject)) return String(value);
    const fields = this.dice(0.5) ? shuffled(value.fields, this.random() * 1000) : value.fields;
    const names = fields.filter(() => this.dice(0.03)).map(([name]) => `${this.text(name)}:0`);
    return `{${[...names, ...fields.map(([name, field]) => this.field(name, field))].join(',')}}`;
  }

  private field(name: string, value: Meant): string {
    return `${this.space()}${this.text(name)}${this.space()}:${this.write(value)}`;
  }

  private dice(share: number): boolean {
    return this.random() < share;
  }

  private space(): string {
    return this.dice(0.1) ? ([' ', '\n', '\t', '\r\n  '][Math.floor(this.random() * 4)] ?? '') : '';
  }

  /** `~` and what follows it stays as it is: markers are found in the bytes of a row too. */
  private text(text: string): string {
    const [before = '', ...after] = text.split(/(?=~)/);
    const units = [...before].map((character) => this.character(character)).join('');
    return `"${units}${JSON.stringify(after.join('')).slice(1, -1)}"`;
  }

  private character(character: string): string {
    const escaped = JSON.stringify(character).slice(1, -1);
    if (character === '/' && this.dice(0.5)) return '\\/';
    if (!this.dice(0.1)) return escaped;
    return Array.from({ length: character.length }, (_, i) => {
      const hex = character.charCodeAt(i).toString(16).padStart(4, '0');
      return `\\u${this.dice(0.5) ? hex.toUpperCase() : hex}`;
    }).join('');
  }

  private number({ digits, power }: MeantNumber): string {
    if (power === 0 && !this.dice(0.3)) return String(digits);
    if (digits === 0n) return ['0', '-0', '0.0', '0e5', '-0.00E-3'][Math.floor(this.random() * 5)] ?? '0';
    const zeros = Math.floor(this.random() * 4);
    const more = `${digits}${'0'.repeat(zeros)}`;
    const exponent = power - zeros;
    if (exponent < 0 && exponent > -20 && this.dice(0.5)) return decimal(more, -exponent) + (this.dice(0.5) ? '0' : '');
    if (exponent >= 0 && exponent < 20 && this.dice(0.5))
      return more + '0'.repeat(exponent) + (this.dice(0.5) ? '.00' : '');
    return `${more}${this.dice(0.5) ? 'e' : 'E'}${exponent >= 0 && this.dice(0.5) ? '+' : ''}${exponent}`;
  }
}

/** Digits with the last `places` behind the point. */
function decimal(digits: string, places: number): string {
  const sign = digits.startsWith('-') ? '-' : '';
  const padded = digits.slice(sign.length).padStart(places + 1, '0');
  return `${sign}${padded.slice(0, -places)}.${padded.slice(-places)}`;
}
