import type { Endpoint } from './endpoints.js';
import type { Found } from './look.js';
import { expectedFields, type Obligation } from './obligation.js';
import type { ReadBody } from './readable-body.js';
import { judgeIndexes, type RowsFindings } from './rows-judge.js';
import { storableText } from './storable.js';
import type { WriteKind } from '#libs/contracts/src/filler.js';
import { pointerSegments, type Rule } from '#libs/parity/src/shape.js';

/**
 * The baseline and its shadow run the same program and were written the same. Where they differ all the same, and no rule names it,
 * nobody is at fault: it is noise. Where one lacks a row that both have acknowledged, or shows other than was written, they have
 * diverged, and nobody can be judged by either.
 */

/** Of so many rows that both show, or once for what stands around them. `path` is that of a rule: `/rows/*` + `/id`. */
export interface MeasuredNoise {
  readonly path: string;
  readonly differed: number;
  readonly compared: number;
}

export interface NoiseFindings {
  readonly noise: readonly MeasuredNoise[];
  /** One sentence; null: they agree in what was written. */
  readonly diverged: string | null;
}

export interface NoiseEvidence {
  /** With the rules that were typed, and no others. */
  readonly endpoint: Endpoint;
  readonly baseline: ReadBody;
  readonly shadow: ReadBody;
  /** Writes that both have acknowledged, the newest, in the order of writing. */
  readonly common: readonly Obligation[];
  readonly now: string;
  readonly clocks: { readonly baseline: string | null; readonly shadow: string | null };
}

/** What was read by one plan → what is noise, and whether the two have diverged. A body that cannot be read tells neither. */
export function measureNoise({ endpoint, baseline, shadow, common, now, clocks }: NoiseEvidence): NoiseFindings {
  if (baseline.refusal || shadow.refusal) return { noise: [], diverged: null };
  const evidence = { endpoint, now, acknowledged: common.length, obligations: common, others: [] };
  const there = judgeIndexes({ ...evidence, baseline, app: shadow, clock: clocks.shadow });
  const back = judgeIndexes({ ...evidence, baseline: shadow, app: baseline, clock: clocks.baseline });
  const noise = noiseOf(endpoint, there);
  return {
    noise: noise.filter(({ path }) => !isSent(endpoint, path)),
    diverged: divergence(endpoint, there, back, noise),
  };
}

const noisePathsMax = 16;
const pathCharsMax = 150;
const segmentsMax = 15;

function noiseOf({ shape }: Endpoint, { shared }: RowsFindings): MeasuredNoise[] {
  const rows = new Map<string, number>();
  for (const { path, count } of shared.fields.filter((field) => field.path !== ''))
    rows.set(path, (rows.get(path) ?? 0) + count);
  const inRows = [...rows].map(([path, count]) => ({
    path: `${shape.rows ?? ''}/*${path}`,
    differed: Math.min(count, shared.rows),
    compared: shared.rows,
  }));
  const around = shared.around.map((path) => ({ path, differed: 1, compared: 1 }));
  return [...inRows, ...around].filter(({ path }) => isUsable(path)).slice(0, noisePathsMax);
}

/** Names come from a body: one that no rule can carry stays a difference, and so does a row as a whole. */
const isUsable = (path: string): boolean =>
  storableText(path, pathCharsMax) === path &&
  !path.includes('…') &&
  path !== '' &&
  (pointerSegments(path)?.length ?? Infinity) <= segmentsMax;

/** What was written must come back: it is never noise. */
const isSent = (endpoint: Endpoint, path: string): boolean =>
  sentOf(endpoint.kind).some((field) => path === `${endpoint.shape.rows}/*/${field}`);

const sentOf = (kind: Endpoint['kind']): string[] =>
  kind === 'stats' ? [] : Object.keys(expectedFields(examples[kind]));
const examples: Record<WriteKind, Obligation['payload']> = {
  entry: { kind: 'entry', text: '' },
  mood: { kind: 'mood', mood: '', note: '' },
  value: { kind: 'value', value: 1 },
};

function divergence(
  endpoint: Endpoint,
  there: RowsFindings,
  back: RowsFindings,
  noise: readonly MeasuredNoise[],
): string | null {
  const lone = onOneSide(there, back, 'missing');
  const doubled = onOneSide(there, back, 'doubled');
  const spoilt = noise.filter(({ path }) => isSent(endpoint, path));
  const parts = [
    ...(lone > 0 ? [`${rows(lone)} that both have acknowledged ${lone === 1 ? 'is' : 'are'} in one of them only`] : []),
    ...(doubled > 0 ? [`${rows(doubled)} ${doubled === 1 ? 'is' : 'are'} doubled in one of them`] : []),
    ...spoilt.map(
      ({ path, differed }) => `${rows(differed)} differ in “${path.split('/').at(-1)}”, which was written alike`,
    ),
  ];
  return parts.length === 0 ? null : `The baseline and its shadow have diverged: ${parts.join('; ')}.`;
}

function onOneSide(there: RowsFindings, back: RowsFindings, kind: Found[0]): number {
  const markers = ({ found }: RowsFindings) => found.flatMap(([one, marker]) => (one === kind ? [marker] : []));
  const [mine, theirs] = [new Set(markers(there)), new Set(markers(back))];
  return (
    [...mine].filter((marker) => !theirs.has(marker)).length + [...theirs].filter((marker) => !mine.has(marker)).length
  );
}

const rows = (count: number): string => `${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'}`;

const measuredName = 'measured: ';
export const isMeasuredName = (name: string): boolean => name.startsWith(measuredName);

/** Noise as a rule that the comparison obeys and counts like any other. */
export const ruleOfNoise = (path: string): Pick<Rule, 'name' | 'path' | 'reason'> & { readonly mode: 'ignore' } => ({
  ...{ name: `${measuredName}${path}`, path, mode: 'ignore' },
  reason: 'Two equal baselines differ in it.',
});
