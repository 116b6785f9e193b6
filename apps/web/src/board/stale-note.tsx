import style from './stale-note.module.css';
import type { LiveState } from '../api/live-board.js';
import { NoteGlyph } from '../parts/note-glyph.js';
import { Age } from '../parts/time.js';

const consequences: Record<string, string> = {
  submission: 'nobody can join or change an app now, and the next fill waits',
  filler: 'fills wait',
  comparator: 'comparisons wait',
  leaderboard: 'this board stands still',
};

/** Parts of Lockstep that do not answer, and what that means for who reads the board. */
export function StaleNote({ live: { board, connection } }: { live: LiveState }) {
  if (connection !== 'live' || board.missing.length === 0) return null;
  const names = board.missing.join(' and ');
  const effects = board.missing.map((name) => consequences[name]).filter(Boolean);
  return (
    <p className={style.note} role="status">
      <NoteGlyph />
      <span>
        On our side: {names} {board.missing.length === 1 ? 'does' : 'do'} not answer
        {effects.length > 0 && `, so ${effects.join('; ')}`}. Nothing is lost, and it goes on by itself.
        {board.missing.includes('leaderboard') && board.asOf && board.revision > 0 && (
          <>
            {' '}
            What you see is from <Age at={board.asOf} />.
          </>
        )}
      </span>
    </p>
  );
}
