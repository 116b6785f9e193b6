import type { DifferenceKind } from './fields.js';
import type { TallyLine } from './report.js';

const LINES_MAX = 200;

/** Counts field differences by path and kind. At most 200 lines; what comes later counts under the path `…`. */
export class Tally {
  private readonly lines = new Map<string, { path: string; kind: DifferenceKind; count: number }>();

  add(path: string, kind: DifferenceKind): void {
    const general = path.replace(/\/\d+(?=\/|$)/g, '/*');
    const known = this.lines.has(`${kind} ${general}`) || this.lines.size < LINES_MAX;
    const line = { path: known ? general : '…', kind, count: 0 };
    const name = `${kind} ${line.path}`;
    const found = this.lines.get(name) ?? line;
    found.count++;
    this.lines.set(name, found);
  }

  /** Most frequent first. */
  report(): TallyLine[] {
    return [...this.lines.values()].sort((a, b) => b.count - a.count || (a.path < b.path ? -1 : 1));
  }
}
