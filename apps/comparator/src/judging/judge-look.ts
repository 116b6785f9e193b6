import { isFull } from '../domain/endpoints.js';
import { judgeRows, type RowsFindings } from '../domain/rows-judge.js';
import { judgeStats, type StatsSide, type TimedRow } from '../domain/stats-judge.js';
import type { EndpointLook } from '../domain/look.js';
import type { FetchedBody, JudgeFindings, JudgeJob } from './judge-job.js';
import { indexBody, rowValue, type BodyIndex } from '#libs/parity/src/body-index.js';
import { makePlan } from '#libs/parity/src/plan.js';
import { isObject, type Json } from '#libs/parity/src/values.js';

type Part = JudgeJob['parts'][number];

/** Bodies of one look → what they mean, endpoint by endpoint. Never throws for what is in a body. */
export function judgeLook(job: JudgeJob): JudgeFindings {
  return {
    endpoints: job.parts.map(
      (part) => unreadable(part) ?? (part.endpoint.kind === 'stats' ? statsLook(part, job) : rowsLook(part, job)),
    ),
  };
}

const nothing = {
  matched: 0,
  missing: 0,
  changed: 0,
  doubled: 0,
  derived: 0,
  outside: 0,
  behindWindow: 0,
  note: null,
  rules: [],
  differences: [],
};

function base({ endpoint, baseline, app }: Part): EndpointLook {
  const { path, label } = endpoint;
  return { path, label, state: 'judged', baseline: baseline.fetched, app: app.fetched, window: '', ...nothing };
}

/** Our failure before the baseline's before the app's: an app is blamed only when everybody else did their part. */
function unreadable(part: Part): EndpointLook | undefined {
  const { baseline, app } = part;
  if (baseline.ok && app.ok) return undefined;
  if ((!baseline.ok && baseline.side === 'ours') || (!app.ok && app.side === 'ours'))
    return { ...base(part), state: 'our-fault' };
  return { ...base(part), state: baseline.ok ? 'app-failed' : 'baseline-failed' };
}

function rowsLook(part: Part, job: JudgeJob): EndpointLook {
  const { endpoint, obligations } = part;
  const findings = judgeRows({
    endpoint,
    obligations,
    seed: job.seed,
    baseline: bodyOf(part.baseline),
    app: bodyOf(part.app),
  });
  const look = { ...base(part), window: windowText(part, findings) };
  const refused = refusedLook(look, findings);
  if (refused) return refused;
  const { matched, missing, changed, doubled, outside, behindWindow, rules, differences, baselineWrong } = findings;
  const judged = { ...look, matched, missing, changed, doubled, outside, behindWindow, rules, differences };
  if (baselineWrong === 0 || missing + changed + doubled === 0) return judged;
  return {
    ...judged,
    state: 'baseline-failed',
    note: `The baseline shows ${baselineWrong} rows other than they were written.`,
  };
}

function refusedLook(
  look: EndpointLook,
  { baselineRefusal, appRefusal }: Pick<RowsFindings, 'baselineRefusal' | 'appRefusal'>,
): EndpointLook | undefined {
  if (baselineRefusal)
    return { ...look, state: 'baseline-failed', baseline: { ...look.baseline, problem: baselineRefusal } };
  if (appRefusal)
    return {
      ...look,
      state: 'app-failed',
      app: { ...look.app, problem: `It answered 200, but not with what this endpoint gives: ${appRefusal}` },
    };
  return undefined;
}

function windowText({ endpoint, obligations }: Part, { behindWindow }: RowsFindings): string {
  if (endpoint.window === null) return `all ${obligations.length} rows of the obligation`;
  const judged = obligations.length - behindWindow;
  return behindWindow > 0
    ? `newest ${judged} of ${obligations.length} rows of the obligation`
    : `all ${judged} rows of the obligation`;
}

function statsLook(part: Part, job: JudgeJob): EndpointLook {
  const baseline = statsSide(part.baseline, job, 'baseline');
  const app = statsSide(part.app, job, 'app');
  const look = { ...base(part), window: 'follows from the app’s own entries and moods' };
  if (typeof baseline === 'string')
    return { ...look, state: 'baseline-failed', baseline: { ...look.baseline, problem: baseline } };
  if (typeof app === 'string') return { ...look, state: 'app-failed', app: { ...look.app, problem: app } };
  const { now, slack, acknowledgedEntries } = job;
  const findings = judgeStats({ baseline, app, now, slack, acknowledgedEntries });
  const refused = refusedLook(look, findings);
  if (refused) return refused;
  const note = findings.notNow.map(({ field, why }) => `${field} is not judged now: ${why}`).join('; ') || null;
  return {
    ...look,
    matched: findings.judged.length - findings.differences.length,
    derived: findings.differences.length,
    note,
    differences: findings.differences,
  };
}

/** The statistics of one side with the lists they should follow from; a sentence when they cannot be read. */
function statsSide(stats: FetchedBody, job: JudgeJob, side: 'baseline' | 'app'): StatsSide | string {
  const body = wholeBody(bodyOf(stats), job.seed);
  if (typeof body === 'string') return body;
  const entries = listOf(job, 'entry', side);
  const moods = listOf(job, 'mood', side);
  const clock = stats.ok ? stats.clock : null;
  return {
    stats: body.value,
    entries: entries.rows,
    entriesFull: entries.full,
    moods: moods.rows,
    moodsFull: moods.full,
    clock,
  };
}

function wholeBody(body: Uint8Array, seed: readonly [number, number]): { value: Json } | string {
  const index = indexBody(
    makePlan({ rows: null, order: 'set', identity: null, key: [], rules: [], outside: [] }, { seed }),
    body,
  );
  return index.refusal ? index.refusal.sentence : { value: rowValue(index, 0) };
}

/** A list that could not be read counts as full and empty: nothing can be derived from it. */
function listOf(job: JudgeJob, kind: 'entry' | 'mood', side: 'baseline' | 'app'): { rows: TimedRow[]; full: boolean } {
  const part = job.parts.find((one) => one.endpoint.kind === kind);
  const fetched = part?.[side];
  if (!part || !fetched?.ok) return { rows: [], full: true };
  const index = indexBody(makePlan(part.endpoint.shape, { seed: job.seed }), fetched.body);
  if (index.refusal) return { rows: [], full: true };
  return { rows: timedRows(index), full: isFull(part.endpoint, index.rowCount) };
}

function timedRows(index: BodyIndex): TimedRow[] {
  const rows: TimedRow[] = [];
  for (let row = 0; row < index.rowCount; row += 1) {
    const value = rowValue(index, row);
    if (!isObject(value) || typeof value['created_at'] !== 'string') continue;
    rows.push({
      createdAt: value['created_at'],
      ...(typeof value['mood'] === 'string' ? { mood: value['mood'] } : {}),
    });
  }
  return rows;
}

const bodyOf = (fetched: FetchedBody): Uint8Array => (fetched.ok ? fetched.body : new Uint8Array());
