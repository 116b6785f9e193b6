import { useState } from 'react';
import { Button } from '@mantine/core';
import { OverrideForm } from './override-form.js';
import style from './overrides.module.css';
import { queryClient } from '../api/queries.js';
import { Moment } from '../parts/time.js';
import { verdictWords } from '../parts/verdict-words.js';
import { Said } from '../staff/said.js';
import { useOrder } from '../staff/use-order.js';
import type { ComparisonDetail } from '#libs/contracts/src/comparator.js';
import type { GivenVerdict, OverrideEntry, OverrideVerdict } from '#libs/contracts/src/overrides.js';
import type { ReplyOf } from '#libs/contracts/src/contract.js';

type Wish = 'overrule' | 'take-back';

/** For staff: overrule the verdict with a reason, take that back, and who did it before. */
export function OverridePanel({ comparison }: { comparison: ComparisonDetail }) {
  const { comparisonId, verdict, override, overrides } = comparison;
  const [wish, setWish] = useState<Wish | null>(null);
  const order = useOrder<ReplyOf<typeof OverrideVerdict>>(({ override: given }) =>
    given ? 'Overruled: the board says so from now on.' : 'Taken back: the comparison speaks for itself again.',
  );
  // Visitors are not sent what staff did, so this is for staff.
  if (!overrides || comparison.isHeldBack || comparison.state !== 'done' || verdict === 'pending') return null;
  const machine = (override?.machine.verdict ?? verdict) as GivenVerdict;
  const send = async (given: GivenVerdict | null, reason: string) => {
    const path = `/api/v1/comparisons/${comparisonId}/override`;
    if (!(await order.send(path, { method: 'POST', body: { verdict: given, reason } }))) return;
    setWish(null);
    await queryClient.invalidateQueries({ queryKey: ['comparison', comparisonId] });
    await queryClient.invalidateQueries({ queryKey: ['comparisons'] });
  };
  return (
    <section className={style.staff} aria-labelledby="override-title">
      <header>
        <h2 id="override-title">Overrule this verdict</h2>
        <p>Only staff see this. It holds for this comparison; the next one speaks for itself.</p>
      </header>
      {wish === null && (
        <div className={style.actions}>
          <Button variant="default" onClick={() => setWish('overrule')}>
            {override ? 'Say something else' : 'Overrule'}
          </Button>
          {override && (
            <Button variant="default" onClick={() => setWish('take-back')}>
              Take it back
            </Button>
          )}
        </div>
      )}
      {wish !== null && (
        <OverrideForm
          key={wish}
          machine={wish === 'overrule' ? machine : null}
          isSending={order.isSending}
          onSend={(given, reason) => void send(given, reason)}
          onCancel={() => setWish(null)}
        />
      )}
      <Said {...order} />
      {overrides.length > 0 && (
        <ul className={style.done} aria-label="What staff said of it, newest first">
          {overrides.map((entry) => (
            <Entry key={entry.at} entry={entry} />
          ))}
        </ul>
      )}
    </section>
  );
}

const Entry = ({ entry: { at, by, verdict, reason } }: { entry: OverrideEntry }) => (
  <li>
    <Moment at={at} /> {by}: {verdict === null ? 'taken back' : verdictWords[verdict].word.toLowerCase()}. {reason}
  </li>
);
