import { Controller, Inject } from '@nestjs/common';
import { COMPARATOR_CONFIG, type ComparatorConfig } from './comparator.config.js';
import { draftFaults, isExpired, nextRules } from './domain/rules.js';
import { RulePreview } from './rule-preview.js';
import { NoiseRepository } from './persistence/noise.repository.js';
import { RuleSetRepository, type RuleSet } from './persistence/rule-set.repository.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { GetRules, PreviewRules, PublishRules, type RulesPreview, type RulesView } from '#libs/contracts/src/rules.js';
import { Answers } from '#libs/messaging/src/decorators.js';
import type { Tx } from '#libs/platform/src/transaction.js';

const versionsMax = 50;
const measuredMax = 100;

/** The rules of the comparison, as they are seen and published. */
@Controller()
export class RulesController {
  constructor(
    @Inject(COMPARATOR_CONFIG) private readonly config: ComparatorConfig,
    private readonly ruleSets: RuleSetRepository,
    private readonly preview: RulePreview,
    private readonly noise: NoiseRepository,
  ) {}

  @Answers(GetRules)
  async show({ version }: DataOf<typeof GetRules>, tx: Tx): Promise<RulesView> {
    const versions = await this.ruleSets.heads(tx, versionsMax);
    const set = await this.ruleSets.find(tx, version);
    if (!set) throw new Problem('not-found', `There is no version ${version} of the rules.`, 'Look at the newest one.');
    const hits = new Map((await this.ruleSets.hits(tx, set.version)).map((one) => [keyOf(one), one.hits]));
    const rules = set.rules.map((rule) => ({
      ...rule,
      source: 'typed' as const,
      isExpired: isExpired(rule, tx.now),
      hits: hits.get(keyOf(rule)) ?? 0,
    }));
    const endpoints = this.config.endpoints.map(({ path, label }) => ({ path, label }));
    return {
      current: versions[0]!.version,
      shown: headOf(set),
      rules,
      measured: await this.noise.list(tx, measuredMax),
      versions,
      endpoints,
    };
  }

  @Answers(PublishRules)
  async publish({ by, basedOn, reason, rules }: DataOf<typeof PublishRules>, tx: Tx) {
    refuseFaults(rules);
    const newest = (await this.ruleSets.find(tx))!;
    if (newest.version !== basedOn) throw outdated(newest);
    const next = { version: basedOn + 1, author: by, reason, rules: nextRules(rules, newest.rules, by, tx.now) };
    if (!(await this.ruleSets.add(tx, next))) throw outdated((await this.ruleSets.find(tx))!);
    return { version: next.version };
  }

  @Answers(PreviewRules)
  async test({ rules, after }: DataOf<typeof PreviewRules>, tx: Tx): Promise<RulesPreview> {
    refuseFaults(rules);
    const newest = (await this.ruleSets.find(tx))!;
    return { basedOn: newest.version, ...(await this.preview.page(tx, newest.rules, rules, after)) };
  }
}

function refuseFaults(rules: DataOf<typeof PublishRules>['rules']): void {
  const faults = draftFaults(rules);
  if (faults.length === 0) return;
  throw new Problem(
    'validation',
    `These rules cannot be used. ${faults.slice(0, 5).join(' ')}`,
    'Correct them and send them again.',
    {
      errors: faults.slice(0, 20).map((message) => ({ path: 'rules', message })),
    },
  );
}

const outdated = ({ version, author, reason }: RuleSet): Problem =>
  new Problem(
    'rules-outdated',
    `Version ${version} was published meanwhile by ${author}: ${reason}`,
    `Look at version ${version}, and change that one.`,
  );

const headOf = ({ rules, ...head }: RuleSet) => ({ ...head, rules: rules.length });
const keyOf = ({ endpoint, name }: { endpoint: string; name: string }): string => `${endpoint} ${name}`;
