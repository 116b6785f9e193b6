/**
 * The ids that the outside sees. A dropped row has taken a number, as an insert that is rolled back does: the rows after
 * it are shown one higher, so that no two acknowledgements ever name the same id. Forgotten when the process ends.
 */
export class RowIds {
  /** Ids in the app's database after which a number was spent, ascending. */
  readonly #spentAfter: number[] = [];

  /** The id to show for a row that has `id` in the database. */
  shown(id: number): number {
    return id + this.#spentBefore(id);
  }

  /** True as long as all ids are shown as they are. */
  get isUnspent(): boolean {
    return this.#spentAfter.length === 0;
  }

  /** Spends the number after row `id`, the newest of all, and gives the id to show for it. */
  spend(id: number): number {
    this.#spentAfter.push(id);
    return id + this.#spentAfter.length;
  }

  /** Numbers spent after rows below `id`, by bisection. */
  #spentBefore(id: number): number {
    let [low, high] = [0, this.#spentAfter.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#spentAfter[middle]! < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
