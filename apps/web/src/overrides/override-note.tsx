import style from './overrides.module.css';
import { NoteGlyph } from '../parts/note-glyph.js';
import { Age } from '../parts/time.js';
import { VerdictGlyph, VerdictTag } from '../parts/verdict.js';
import { verdictWords } from '../parts/verdict-words.js';
import type { Override } from '#libs/contracts/src/overrides.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

/** Said to everybody: staff overruled this, why, and what the comparison itself said. */
export function OverrideNote({ override }: { override: Override | undefined }) {
  if (!override) return null;
  const { verdict, reason, by, at, machine } = override;
  return (
    <section className={style.note} aria-label="Overruled by staff">
      <NoteGlyph />
      <div className={style.words}>
        <p>
          <strong>
            Overruled by {by} <Age at={at} />: {verdictWords[verdict].word.toLowerCase()}.
          </strong>{' '}
          {reason}
        </p>
        <p className={style.machine}>
          The comparison itself said <Machine machine={machine} /> What was measured stands below as it was.
        </p>
      </div>
    </section>
  );
}

/** Glyph and word, once: most sentences begin with it. */
function Machine({ machine: { verdict, sentence } }: { machine: Override['machine'] }) {
  const isSaid = sentence.startsWith(verdictWords[verdict].word);
  return (
    <>
      {isSaid ? <VerdictGlyph verdict={verdict} /> : <VerdictTag verdict={verdict} />} {sentence}
    </>
  );
}

/** Above such a note the sentence need not say all of it again. */
export const shortSentence = (said: { verdict: Verdict; sentence: string; override?: Override | undefined }): string =>
  said.override?.verdict === said.verdict ? `${verdictWords[said.verdict].word}, as staff decided.` : said.sentence;
