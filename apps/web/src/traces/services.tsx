import style from './services.module.css';

/** Hue and pattern of each service: known ones always the same, others in the order in which they appear. */
const known = ['gateway', 'submission', 'filler', 'comparator', 'leaderboard'];
const slots = 8;

export function serviceSlots(services: readonly string[]): Map<string, number> {
  const others = services.filter((name) => !known.includes(name)).toSorted();
  return new Map(services.map((name) => [name, known.includes(name) ? known.indexOf(name) : (known.length + others.indexOf(name)) % slots])); // prettier-ignore
}

export const slotClass = (slot: number | undefined): string => style[`slot${slot ?? 0}`]!;

export function ServiceChip({ name, slot }: { name: string; slot: number | undefined }) {
  return (
    <span className={style.chip}>
      <span className={`${style.swatch} ${slotClass(slot)}`} aria-hidden="true" />
      {name}
    </span>
  );
}
