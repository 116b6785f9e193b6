/**
 * Walking the board by keyboard. Tab stops once in each row, at its name: with three hundred apps a stop at every link would be
 * two thousand. From a name the arrows go on: right and left through the links of the row, up and down to the same link of another.
 */
export function walkRows(key: string, link: HTMLElement): HTMLElement | undefined {
  const row = link.closest<HTMLElement>('[data-row]');
  if (!row) return undefined;
  const at = linksOf(row).indexOf(link);
  if (key === 'ArrowRight') return linksOf(row)[at + 1];
  if (key === 'ArrowLeft') return linksOf(row)[at - 1];
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return undefined;
  const other = (key === 'ArrowDown' ? row.nextElementSibling : row.previousElementSibling) as HTMLElement | null;
  const links = other ? linksOf(other) : [];
  return links[at] ?? links[0];
}

const linksOf = (row: HTMLElement): HTMLElement[] => [...row.querySelectorAll<HTMLElement>('a[href]')];
