import { Inject, Injectable } from '@nestjs/common';
import { COMPARATOR_CONFIG, type ComparatorConfig } from './comparator.config.js';
import { differencesOf, verdictOfLook, type Look } from './domain/look.js';
import { hitsOf, inForce, withMeasured, withRules, type RuleHits, type RuleText } from './domain/rules.js';
import { lookOf, unpacked } from './judging/evidence.js';
import type { JudgeJob } from './judging/judge-job.js';
import { JudgePool } from './judging/judge-pool.js';
import { NoisePlans } from './noise-plans.js';
import { changeOnBoard } from './on-board.js';
import { EvidenceRepository, type NewestEvidence } from './persistence/evidence.repository.js';
import type { DraftRule, NamedRule, RulesPreview } from '#libs/contracts/src/rules.js';
import { pageBytesMax } from '#libs/contracts/src/shapes.js';
import type { Tx } from '#libs/platform/src/transaction.js';

type TestedApp = RulesPreview['apps'][number];
type Page = Omit<RulesPreview, 'basedOn'>;

/** A page takes so long; whoever asks for the next one goes on. The transaction must not stand idle for longer. */
const pageMsMax = 2_000;
const namedMax = 50;
const first = '00000000-0000-0000-0000-000000000000';

/** Judges the newest look of each app that is kept once more, under the rules that are published and under a draft. */
@Injectable()
export class RulePreview {
  constructor(
    @Inject(COMPARATOR_CONFIG) private readonly config: ComparatorConfig,
    private readonly evidence: EvidenceRepository,
    private readonly judges: JudgePool,
    private readonly noise: NoisePlans,
  ) {}

  async page(tx: Tx, published: readonly NamedRule[], draft: readonly DraftRule[], after?: string): Promise<Page> {
    const measured = await this.noise.measured(tx);
    const sets = [published, draft].map((rules) => withMeasured(inForce(rules, tx.now), measured));
    const apps: TestedApp[] = [];
    const hits: RuleHits[] = [];
    const untested = after === undefined ? await this.withoutEvidence(tx) : [];
    const end = performance.now() + pageMsMax;
    let bytes = 0;
    let next: string | null = after ?? first;
    while (performance.now() < end && bytes < pageBytesMax) {
      const kept = await this.evidence.next(tx, next);
      if (!kept) {
        next = null;
        break;
      }
      const looks = await inTime(this.bothLooks(kept, sets), end - performance.now());
      if (looks === 'late' && apps.length + untested.length === 0 && after !== undefined) {
        // A page of its own was not enough: it would never be.
        untested.push({ appName: kept.appName, why: 'It could not be judged again in two seconds.' });
        next = kept.appId;
        break;
      }
      if (looks === 'late') break;
      next = kept.appId;
      if (looks === 'lost') untested.push({ appName: kept.appName, why: 'No judge survives what it answered.' });
      else {
        apps.push(testedApp(kept, looks));
        bytes += Buffer.byteLength(JSON.stringify(apps.at(-1)));
        hits.push(...hitsOf(looks[1]));
      }
    }
    return { apps, ruleHits: summed(hits), untested, next };
  }

  private async withoutEvidence(tx: Tx): Promise<Page['untested']> {
    const names = await this.evidence.appsWithout(tx, namedMax);
    return names.map((appName) => ({ appName, why: 'Nothing of it is kept: it has not been compared lately.' }));
  }

  private async bothLooks(
    kept: NewestEvidence,
    sets: readonly (readonly RuleText[])[],
  ): Promise<[Look, Look] | 'lost'> {
    try {
      const jobs = await unpacked(kept.packed, this.config.endpoints);
      const looks = [];
      for (const rules of sets) looks.push(await this.look(jobs, rules));
      return looks as [Look, Look];
    } catch {
      return 'lost';
    }
  }

  private async look(jobs: readonly JudgeJob[], rules: readonly RuleText[]): Promise<Look> {
    const compared = withRules(this.config.endpoints, rules);
    const ruled = <Pair extends JudgeJob['parts'][number] | NonNullable<JudgeJob['later']>[number]>(
      pairs: readonly Pair[],
    ) => pairs.map((pair) => ({ ...pair, endpoint: compared.find(({ path }) => path === pair.endpoint.path)! }));
    const findings = [];
    for (const { parts, later, ...job } of jobs)
      findings.push(
        await this.judges.judge({ ...job, parts: ruled(parts), ...(later ? { later: ruled(later) } : {}) }),
      );
    return lookOf(jobs[0]!, 0, [findings[0]!.endpoints, findings[1]?.endpoints ?? []]);
  }
}

async function inTime<T>(work: Promise<T>, ms: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((done) => (timer = setTimeout(() => done('late'), Math.max(0, ms))));
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function testedApp({ appId, appName, comparisonId, keptAt }: NewestEvidence, looks: readonly [Look, Look]): TestedApp {
  const [before, after] = looks;
  const onBoard = changeOnBoard(appId, looks);
  return {
    ...{ appId, appName, comparisonId, comparedAt: keptAt, before: judged(before), after: judged(after) },
    ...(onBoard && { onBoard }),
  };
}

const judged = (look: Look): TestedApp['before'] => ({
  verdict: verdictOfLook(look),
  rowsDifferent: differencesOf(look),
  hits: hitsOf(look).reduce((sum, { hits }) => sum + hits, 0),
});

function summed(all: readonly RuleHits[]): RuleHits[] {
  const sums = new Map<string, RuleHits>();
  for (const one of all) {
    const key = `${one.endpoint} ${one.name}`;
    sums.set(key, { ...one, hits: (sums.get(key)?.hits ?? 0) + one.hits });
  }
  return [...sums.values()];
}
