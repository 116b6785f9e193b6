import style from './claim-code.module.css';
import { CopyButton } from './copy-button.js';

/** The owner's proof, whole and to be copied: nobody can give it again. */
export function ClaimCode({ code, label, help }: { code: string; label?: string; help?: string }) {
  return (
    <div className={style.claim}>
      {label && <p className={style.label}>{label}</p>}
      <code className={`${style.code} mono`}>{code}</code>
      <CopyButton text={code} label="Copy the code" />
      {help && <p className={style.help}>{help}</p>}
    </div>
  );
}
