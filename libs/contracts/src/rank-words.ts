import type { RankChange, RanksPreview } from './board-preview.js';

const endings: Record<Intl.LDMLPluralRule, string> = { one: 'st', two: 'nd', few: 'rd', other: 'th', zero: 'th', many: 'th' }; // prettier-ignore
const rules = new Intl.PluralRules('en', { type: 'ordinal' });

/** "3rd", "11th", "22nd" */
export const ordinal = (rank: number): string => `${rank}${endings[rules.select(rank)]}`;

/** "3rd → 1st"; of who had none "no rank → 4th". */
export const rankText = ({ from, to }: RankChange): string =>
  `${from === null ? 'no rank' : ordinal(from)} → ${ordinal(to)}`;

/** "2 apps would move on the board, 7 keep their rank." */
export function ranksText({ moves: { length }, unchanged }: Pick<RanksPreview, 'moves' | 'unchanged'>): string {
  if (length === 0) return 'Nobody would move on the board.';
  const rest = unchanged === 0 ? '' : `, ${unchanged === 1 ? '1 keeps its rank' : `${unchanged} keep their rank`}`;
  return `${length} ${length === 1 ? 'app' : 'apps'} would move on the board${rest}.`;
}
