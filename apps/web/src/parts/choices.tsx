import style from './choices.module.css';

interface ChoicesProps<Name extends string> {
  label: string;
  names: readonly Name[];
  words: (name: Name) => string;
  chosen: Name | null;
  onChoose: (name: Name | null) => void;
}

/** At most one of a few; pressing the chosen one again takes it back. */
export function Choices<Name extends string>({ label, names, words, chosen, onChoose }: ChoicesProps<Name>) {
  return (
    <div className={style.choices} role="group" aria-label={label}>
      {names.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={chosen === name}
          onClick={() => onChoose(chosen === name ? null : name)}
        >
          {words(name)}
        </button>
      ))}
    </div>
  );
}
