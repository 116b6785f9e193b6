import type { Judged } from './judged.js';
import type { Standing } from './standing.js';
import type { EndpointParity } from '#libs/contracts/src/comparator.js';

/** What comparisons make of a sheet: what was judged, and counted. Kept as JSON, so its time is a text. */
export interface Figures {
  readonly endpoints: readonly EndpointParity[];
  readonly judged: Judged | null;
  readonly rowsDifferent: number;
  readonly acknowledged: number;
  readonly lostAfterAck: number;
  readonly inSyncSince: string | null;
}

type FigureColumns = Pick<Standing, keyof Figures>;

export const figuresOf = (standing: FigureColumns): Figures => {
  const { endpoints, judged, rowsDifferent, acknowledged, lostAfterAck, inSyncSince } = standing;
  const counts = { rowsDifferent, acknowledged, lostAfterAck };
  return { endpoints, judged, ...counts, inSyncSince: inSyncSince?.toISOString() ?? null };
};

export const withFigures = <Sheet extends Standing>(sheet: Sheet, figures: Figures): Sheet => ({
  ...sheet,
  ...figures,
  inSyncSince: figures.inSyncSince === null ? null : new Date(figures.inSyncSince),
});

export const noFigures: Figures = {
  ...{ endpoints: [], judged: null, rowsDifferent: 0, acknowledged: 0, lostAfterAck: 0, inSyncSince: null },
};
