import { Injectable } from '@nestjs/common';
import { GetComparison, type ComparisonDetail, type ComparisonSummary } from '#libs/contracts/src/comparator.js';
import { ListVerdicts, type KnownVerdict } from '#libs/contracts/src/leaderboard.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { Requests } from '#libs/messaging/src/requests.js';

/** Comparisons as visitors of a frozen scoreboard see them: those whose verdict the leaderboard knew then, under the names of then. */
@Injectable()
export class KnownComparisons {
  constructor(private readonly requests: Requests) {}

  async list(
    until: string,
    { appId, limit }: { appId?: string | undefined; limit: number },
  ): Promise<{ comparisons: ComparisonSummary[] }> {
    const { verdicts } = await this.requests.ask(ListVerdicts, { until, limit, ...(appId ? { appId } : {}) });
    return { comparisons: verdicts.map(toSummary) };
  }

  /** One that was not known then looks like one that never was; what staff have said of its verdict since was not said then. */
  async show(until: string, comparisonId: string): Promise<{ comparison: ComparisonDetail }> {
    const { verdicts } = await this.requests.ask(ListVerdicts, { until, comparisonId, limit: 1 });
    const [known] = verdicts;
    if (!known) throw unknownThen(comparisonId);
    const { comparison } = await this.requests.ask(GetComparison, { comparisonId });
    if (Date.parse(comparison.computedAt ?? '') !== Date.parse(known.computedAt)) throw unknownThen(comparisonId);
    const { override: _, ...own } = comparison;
    const { appName, verdict, sentence, override } = known;
    return { comparison: { ...own, appName, verdict, sentence, ...(override && { override }) } };
  }
}

/** When it was asked for is the comparator's to know, and no part of the board. */
const toSummary = (known: KnownVerdict): ComparisonSummary => ({
  ...known,
  state: 'done',
  requestedAt: known.computedAt,
});

const unknownThen = (comparisonId: string): Problem =>
  new Problem(
    'not-found',
    `The verdict of a comparison ${comparisonId} was not known when the scoreboard was frozen.`,
    'The board links to what was known then; the rest is shown when staff thaw it.',
  );
