import { judge, type Proof } from './judge.js';
import type { ProbeRecord, WindowRecord } from './record.js';

/** The rules of `judge.ts` belong to it: a file is judged by those of its own format. */
export const evidenceFormat = 'lockstep-evidence/1';

/** SHA-256 in hex; given by the caller, since nothing here knows of a machine. */
export type Hash = (text: string) => string;

type VerdictRecord = { readonly kind: 'verdict'; readonly proof: Proof };
type Line = ProbeRecord | VerdictRecord;

export interface Evidence {
  readonly text: string;
  /** The hash of the last line: it stands for the whole file. */
  readonly head: string;
}

/** Names in order, no spaces: equal values are equal bytes. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const names = Object.keys(value).toSorted();
  const members = names.map((name) => `${JSON.stringify(name)}:${canonical((value as Record<string, unknown>)[name])}`);
  return `{${members.join(',')}}`;
}

/** The file: one JSON document, a record on each line, with the hash of the line before it and of itself. */
export function evidenceOf(records: readonly ProbeRecord[], proof: Proof, hash: Hash): Evidence {
  return chained([...records, { kind: 'verdict', proof }], hash);
}

function chained(lines: readonly Line[], hash: Hash): Evidence {
  let head = hash(evidenceFormat);
  const rendered = lines.map((line) => {
    const record = canonical(line);
    head = hash(`${head}\n${record}`);
    return `{"record":${record},"hash":"${head}"}`;
  });
  return { text: `{"format":"${evidenceFormat}","lines":[\n${rendered.join(',\n')}\n]}\n`, head };
}

export interface Verified {
  readonly isValid: boolean;
  /** What is wrong, in sentences; empty when the file is as it was made. */
  readonly problems: readonly string[];
  readonly window: WindowRecord | null;
  /** Decided again from the records; null when they cannot be read. */
  readonly proof: Proof | null;
  readonly head: string | null;
}

/**
 * Whether a file is as it was made: every byte, every hash, and the verdict as its records decide it. `head`: the hash that its lab
 * shows, when the reader has it; without it a file that was made anew as a whole cannot be told from the first.
 */
export function verifyEvidence(text: string, hash: Hash, head?: string): Verified {
  const lines = readLines(text);
  if (typeof lines === 'string') return refused(lines);
  const [first, last] = [lines[0]?.record, lines.at(-1)?.record];
  if (first?.kind !== 'window' || last?.kind !== 'verdict')
    return refused('It does not begin with a window and end with a verdict.');
  try {
    const records = lines.slice(0, -1).map(({ record }) => record as ProbeRecord);
    const [proof, made] = [judge(first.plan, records), chained(lines.map(({ record }) => record), hash)]; // prettier-ignore
    const problems = [
      ...brokenLink(lines, hash),
      ...(made.text === text ? [] : ['It is not, byte for byte, what Lockstep writes.']),
      ...(canonical(proof) === canonical(last.proof) ? [] : ['Its verdict does not follow from its records.']),
      ...(head === undefined || head === made.head ? [] : [`Its last hash is ${made.head}, not the one asked for.`]),
    ];
    return { isValid: problems.length === 0, problems, window: first, proof, head: made.head };
  } catch {
    return refused('Its records do not have the shape of evidence.');
  }
}

interface ReadLine {
  readonly record: Line;
  readonly hash: string;
}

function readLines(text: string): readonly ReadLine[] | string {
  try {
    const file = JSON.parse(text) as { format?: unknown; lines?: unknown } | null;
    if (file?.format !== evidenceFormat) return `It is not in the format ${evidenceFormat}.`;
    const { lines } = file;
    const isLine = (one: unknown) => typeof (one as ReadLine | null)?.record === 'object' && one !== null;
    return Array.isArray(lines) && lines.every(isLine) ? (lines as ReadLine[]) : 'It has no lines of records.';
  } catch {
    return 'It is not JSON.';
  }
}

/** The first line whose hash is not that of all before it: what was changed stands there, or is the hash itself. */
function brokenLink(lines: readonly ReadLine[], hash: Hash): string[] {
  let head = hash(evidenceFormat);
  for (const [i, line] of lines.entries()) {
    head = hash(`${head}\n${canonical(line.record)}`);
    if (head !== line.hash) return [`The chain breaks at line ${i + 1} (${line.record.kind}).`];
  }
  return [];
}

const refused = (problem: string): Verified => ({
  ...{ isValid: false, problems: [problem] },
  ...{ window: null, proof: null, head: null },
});
