import style from './submit.module.css';
import { labAddress } from './lab-address.js';
import { useLabs } from '../api/queries.js';

/** The labs of the installation, so that whoever came to the wrong one finds his; nothing where there is one. */
export function LabsHere() {
  const view = useLabs().data;
  if (!view || view.labs.length < 2) return null;
  return (
    <nav className={style.labs} aria-label="Labs">
      <h2>Labs here</h2>
      <ul>
        {view.labs.map((lab) => {
          const address = labAddress(lab, window.location.href);
          const isHere = lab.name === view.here;
          return (
            <li key={lab.name}>
              {isHere ? <strong aria-current="page">{lab.title}</strong> : <a href={address}>{lab.title}</a>}
              <span>{isHere ? 'you are in this one' : address}</span>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
