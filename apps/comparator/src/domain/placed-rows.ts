import type { Endpoint } from './endpoints.js';
import { identityOf, type Ledger, type Obligation } from './obligation.js';
import type { ReadBody } from './readable-body.js';
import { beginsWith, timeOf } from './shown-rows.js';
import type { PlacedRow } from './window.js';

export interface ListOfApp extends Pick<Ledger, 'obligations' | 'others' | 'inherited'> {
  readonly endpoint: Endpoint;
  readonly app: ReadBody;
}

interface CarryingRow {
  /** The write whose marker it carries. */
  readonly write: Obligation | undefined;
  /** Whether a text of it begins with that marker. */
  readonly isFirst: boolean;
  readonly time: number;
}

/** So many rows with markers of ours in the middle of their texts are nobody's quotes. */
const quotesMax = 5;

/** The rows of an app's list by their place in time: ours by the fill that wrote them, all by the time that they show. */
export function placedRows({ endpoint, app, obligations, others, inherited = [] }: ListOfApp): PlacedRow[] {
  const writes = new Map([...inherited, ...others, ...obligations].map((one) => [identityOf(one), one]));
  const rows = Array.from(app.identities, (identity, row): CarryingRow => {
    const [write, value] = [writes.get(identity), app.rowAt(row)];
    return { write, isFirst: write !== undefined && beginsWith(value, write.marker), time: timeOf(value) };
  });
  const carry = rows.map(({ write }) => write !== undefined);
  const areOurs = endpoint.kind === 'value' ? carry : withoutQuotes(rows, carry);
  return rows.map(({ write, time }, row) => {
    const own = areOurs[row] ? write : undefined;
    const acknowledged = own?.acknowledgedAt ? Date.parse(own.acknowledgedAt) : NaN;
    return { fill: own?.fill, acknowledged, time };
  });
}

/**
 * We write the marker first; whoever quotes it has words of his own before it, and nothing to tell of how old the list is or how the app
 * stamps. Of an app that puts something before every text all count, when they are more than anybody quotes.
 */
function withoutQuotes(rows: readonly CarryingRow[], carry: readonly boolean[]): readonly boolean[] {
  const areFirst = rows.map(({ isFirst }) => isFirst);
  return areFirst.includes(true) || carry.filter(Boolean).length < quotesMax ? areFirst : carry;
}
