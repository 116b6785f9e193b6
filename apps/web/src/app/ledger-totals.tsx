import style from './send-log.module.css';
import { useTimers } from '../api/queries.js';
import { count, plural } from '../parts/quantities.js';
import type { AppLedger } from '#libs/contracts/src/gateway.js';

/** Of everything that was sent: how it ended, and what is to be seen of it. The figures of each sentence add up. */
export function LedgerTotals({ ledger: { sent, seen }, isOwn }: { ledger: AppLedger; isOwn: boolean }) {
  const { acknowledged, refused, unknown, skipped } = sent;
  if (acknowledged + refused + unknown + skipped === 0) return <NothingSent />;
  const whose = isOwn ? 'your' : 'the';
  const rest = `${count(refused)} refused, ${count(unknown)} unknown${skipped > 0 ? `, ${count(skipped)} not sent` : ''}.`;
  if (!seen)
    return (
      <p className={style.totals}>
        Of {plural(acknowledged + refused + unknown, 'write')} {whose} app acknowledged{' '}
        <strong>{count(acknowledged)}</strong>; {rest} Whether they are still there is not known now: our comparator
        does not answer.
      </p>
    );
  if (seen.acknowledged === 0)
    return (
      <p className={style.totals}>
        {isOwn ? 'Your' : 'The'} app has acknowledged no write yet; {rest}
      </p>
    );
  const { behind, waiting, excused } = seen;
  const elsewhere = [
    ...(behind > 0 ? [`${count(behind)} not shown by the endpoints any more, as newer rows have pushed them out`] : []),
    ...(waiting > 0 ? [`${count(waiting)} not looked for yet`] : []),
    ...(excused > 0 ? [`${count(excused)} from before it joined or moved, for which it does not answer`] : []),
  ];
  return (
    <div className={style.totals}>
      <p>
        Of {plural(seen.acknowledged, 'write')} {whose} app acknowledged, <strong>{count(seen.visible)}</strong>{' '}
        {seen.visible === 1 ? 'is' : 'are'} visible,{' '}
        <strong data-bad={seen.lost > 0 || undefined}>{count(seen.lost)}</strong> acknowledged then lost,{' '}
        <strong data-bad={seen.doubled > 0 || undefined}>{count(seen.doubled)}</strong> doubled; {rest}
      </p>
      {elsewhere.length > 0 && <p className={style.none}>The others: {elsewhere.join('; ')}.</p>}
    </div>
  );
}

function NothingSent() {
  const fill = useTimers().data?.fill;
  return (
    <p className={style.none}>
      Nothing has been sent yet.{' '}
      {fill?.on === false ? 'Fills are switched off now.' : 'The first fill comes within seconds.'}
    </p>
  );
}
