import { Injectable } from '@nestjs/common';
import { iso } from './summary-row.js';
import type { RuleHits } from '../domain/rules.js';
import type { NamedRule, RuleSetHead } from '#libs/contracts/src/rules.js';
import type { Tx } from '#libs/platform/src/transaction.js';

export interface RuleSet extends Omit<RuleSetHead, 'rules'> {
  readonly rules: readonly NamedRule[];
}

const columns = 'version, author, reason, published_at as "publishedAt"';

/** The versions of the rules. They are only ever added. */
@Injectable()
export class RuleSetRepository {
  /** One version; the newest when none is named. */
  async find(tx: Tx, version?: number): Promise<RuleSet | undefined> {
    const [row] = await tx.query<RuleSet>(
      `select ${columns}, rules from rule_set where version = coalesce($1, (select max(version) from rule_set))`,
      [version ?? null],
    );
    return row && { ...row, publishedAt: iso(row.publishedAt)! };
  }

  /** The newest first. */
  async heads(tx: Tx, limit: number): Promise<RuleSetHead[]> {
    const rows = await tx.query<RuleSetHead>(
      `select ${columns}, jsonb_array_length(rules) as rules from rule_set order by version desc limit $1`,
      [limit],
    );
    return rows.map((row) => ({ ...row, publishedAt: iso(row.publishedAt)! }));
  }

  /** False when a version is there already: somebody was faster. */
  async add(tx: Tx, { version, author, reason, rules }: Omit<RuleSet, 'publishedAt'>): Promise<boolean> {
    const added = await tx.query(
      `insert into rule_set (version, author, reason, rules, published_at) values ($1, $2, $3, $4, $5)
       on conflict (version) do nothing returning 1`,
      [version, author, reason, JSON.stringify(rules), tx.now],
    );
    return added.length > 0;
  }

  /** What the rules of a version hid in the newest comparison of each app that takes part, of those judged by this version. */
  hits(tx: Tx, version: number): Promise<RuleHits[]> {
    return tx.query<RuleHits>(
      `select hit ->> 'endpoint' as endpoint, hit ->> 'name' as name, sum((hit ->> 'hits')::int)::int as hits
       from (select (select rule_hits from comparison where comparison.app_id = app.app_id and is_public and state = 'done' and rules_version = $1
                     order by requested_at desc limit 1) as rule_hits from app where left_at is null) as newest,
            jsonb_array_elements(rule_hits) as hit
       group by 1, 2`,
      [version],
    );
  }
}
