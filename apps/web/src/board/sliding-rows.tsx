import { Component, createRef, type ReactNode } from 'react';
import { wantsStillness } from '../parts/motion.js';

const slideMs = 200;
/** Beyond the edges of the window nobody sees what slides. */
const marginPx = 100;

interface SlidingRowsProps {
  /** The ids of the rows in their order. */
  order: string;
  children: ReactNode;
}

/**
 * Rows that changed their place slide there from where they were. A class, because only a class is asked for what it wants
 * to know right before the page changes: places measured any earlier may be wrong by then.
 */
export class SlidingRows extends Component<SlidingRowsProps> {
  private readonly group = createRef<HTMLDivElement>();

  override getSnapshotBeforeUpdate(before: SlidingRowsProps): Map<string, number> | null {
    return before.order === this.props.order || wantsStillness() ? null : this.tops();
  }

  override componentDidUpdate(_before: SlidingRowsProps, _state: unknown, before: Map<string, number> | null): void {
    if (!before || !this.group.current) return;
    const pageTop = this.group.current.getBoundingClientRect().top - this.group.current.offsetTop;
    const isSeen = (top: number) => pageTop + top > -marginPx && pageTop + top < window.innerHeight + marginPx;
    const moved = [...this.rows]
      .map(([appId, row]) => ({ row, from: before.get(appId) ?? row.offsetTop, to: row.offsetTop }))
      .filter(({ from, to }) => from !== to && isSeen(from) && isSeen(to));
    for (const { row, from, to } of moved)
      row.animate([{ transform: `translateY(${from - to}px)` }, { transform: 'none' }], {
        duration: slideMs,
        easing: 'cubic-bezier(0.2, 0, 0, 1)',
      });
  }

  private get rows(): Map<string, HTMLElement> {
    const rows = this.group.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [];
    return new Map([...rows].map((row) => [row.dataset.row!, row]));
  }

  private tops(): Map<string, number> {
    return new Map([...this.rows].map(([appId, row]) => [appId, row.offsetTop]));
  }

  override render() {
    return (
      <div ref={this.group} role="rowgroup">
        {this.props.children}
      </div>
    );
  }
}
