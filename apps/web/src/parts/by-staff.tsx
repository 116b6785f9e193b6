import style from './by-staff.module.css';
import { verdictWords } from './verdict-words.js';
import type { Override } from '#libs/contracts/src/overrides.js';

/** Stands beside a verdict that staff gave; nothing beside one that speaks for itself. */
export function ByStaff({ override }: { override: Override | undefined }) {
  if (!override) return null;
  const { by, reason, machine } = override;
  const why = `Overruled by ${by}: ${reason} The comparison said ${verdictWords[machine.verdict].word.toLowerCase()}.`;
  return (
    <span className={style.mark} title={why}>
      staff<span className="hidden-text">: overruled by staff</span>
    </span>
  );
}
