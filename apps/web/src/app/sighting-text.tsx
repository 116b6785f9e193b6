import { Moment } from '../parts/time.js';
import type { Sighting } from '#libs/contracts/src/comparator.js';

/** What was seen of a write since it was acknowledged. */
export function SightingText({ sighting }: { sighting: Sighting }) {
  const { state, firstSeenAt, lastSeenAt, lostAt, doubledAt } = sighting;
  if (state === 'lost' && !firstSeenAt) return <>never seen, found missing <At at={lostAt} /></>; // prettier-ignore
  if (state === 'lost') return <>seen <At at={lastSeenAt} />, then lost <At at={lostAt} /></>; // prettier-ignore
  if (state === 'behind')
    return lastSeenAt ? (
      <>
        not shown by the endpoint any more, last seen <At at={lastSeenAt} />
      </>
    ) : (
      <>behind what the endpoint shows when it was first looked for</>
    );
  if (state === 'waiting') return <>not looked for yet</>;
  if (state === 'excused') return <>from before it joined or moved: it does not answer for it</>;
  if (doubledAt) return <>first seen <At at={firstSeenAt} />, there twice since <At at={doubledAt} /></>; // prettier-ignore
  if (lostAt) return <>visible again; was lost <At at={lostAt} /></>; // prettier-ignore
  return <>visible, first seen <At at={firstSeenAt} /></>; // prettier-ignore
}

const At = ({ at }: { at: string | null }) => at && <Moment at={at} />;
