export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Which of all rows the first of this page is, counted from 1. */
  readonly first: number;
  readonly number: number;
  readonly pages: number;
  readonly total: number;
}

/** The page after so many turns, over and over; turns may be negative. `perPage` null: everything on one page. */
export function pageOf<Row>(rows: readonly Row[], perPage: number | null, turns: number): Page<Row> {
  const total = rows.length;
  const size = perPage ?? Math.max(1, total);
  const pages = Math.max(1, Math.ceil(total / size));
  const at = ((turns % pages) + pages) % pages;
  return { rows: rows.slice(at * size, (at + 1) * size), first: at * size + 1, number: at + 1, pages, total };
}
