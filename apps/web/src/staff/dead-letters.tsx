import { useState, type SubmitEvent } from 'react';
import { Button, Modal, TextInput } from '@mantine/core';
import { Link } from 'react-router';
import style from './operations.module.css';
import { Said } from './said.js';
import panel from './staff.module.css';
import { useOrder } from './use-order.js';
import { queryClient, useDeadLetters, useHeldEvent } from '../api/queries.js';
import { OldAnswer } from '../parts/old-answer.js';
import { ProblemNote } from '../parts/problem-note.js';
import { plural } from '../parts/quantities.js';
import { Age } from '../parts/time.js';
import type { HeldEvent } from '#libs/contracts/src/operations.js';

const stateWords = { retrying: 'tried again', waiting: 'waits behind another', dead: 'dead', discarded: 'discarded' };
const pathOf = ({ service, eventId }: HeldEvent) =>
  `/api/v1/dead-letters/${encodeURIComponent(service)}/${encodeURIComponent(eventId)}`;

/** Events that could not be applied. Replay applies one again, with the same id; discard gives it up, with a reason. */
export function DeadLetters() {
  const query = useDeadLetters();
  const { data, error, refetch } = query;
  const events = data?.pages.flatMap((page) => page.events) ?? [];
  const missing = [...new Set(data?.pages.flatMap((page) => page.missing))];
  const [discarding, setDiscarding] = useState<HeldEvent | null>(null);
  const order = useOrder<{ event: HeldEvent }>(({ event }) =>
    event.state === 'discarded'
      ? `${event.name} was discarded; what waited behind it goes on.`
      : `${event.name} is applied again.`,
  );
  const after = () => void queryClient.invalidateQueries({ queryKey: ['dead-letters'] });
  const replay = async (event: HeldEvent) => {
    await order.send(`${pathOf(event)}/replay`, { method: 'POST' });
    after();
  };
  const discard = async (event: HeldEvent, reason: string) => {
    setDiscarding(null);
    await order.send(`${pathOf(event)}/discard`, { method: 'POST', body: { reason } });
    after();
  };
  return (
    <section className={panel.panel} aria-labelledby="dead-title">
      <h2 id="dead-title">Dead letters</h2>
      {error && !data && <ProblemNote error={error} onRetry={() => void refetch()} />}
      <OldAnswer query={query} />
      {missing.length > 0 && <p>{missing.join(' and ')} could not be asked.</p>}
      {data && events.length === 0 && missing.length === 0 && (
        <p className={style.none}>✓ None. Every event was applied or waits for its turn.</p>
      )}
      <Said {...order} />
      <ul className={style.letters} hidden={events.length === 0}>
        {events.map((event) => (
          <li key={`${event.service} ${event.eventId}`}>
            <Letter event={event} />
            {event.state === 'dead' && (
              <p className={style.actions}>
                <Button size="xs" loading={order.isSending} onClick={() => void replay(event)}>
                  Replay
                </Button>
                <Button size="xs" variant="default" onClick={() => setDiscarding(event)}>
                  Discard
                </Button>
              </p>
            )}
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <div>
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            More of {plural(data!.pages[0]!.total, 'dead letter')}
          </Button>
        </div>
      )}
      <Modal
        opened={discarding !== null}
        onClose={() => setDiscarding(null)}
        title="Discard this event"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {discarding && <DiscardForm onDiscard={(reason) => void discard(discarding, reason)} />}
      </Modal>
    </section>
  );
}

function Letter({ event }: { event: HeldEvent }) {
  const [isOpen, setOpen] = useState(false);
  const { data, error } = useHeldEvent(event, isOpen);
  return (
    <div className={style.letter}>
      <p className={style.letterTitle}>
        <strong>{event.name}</strong>
        <span>{stateWords[event.state]}</span>
        <span>
          {event.log} <span className="mono">{event.n}</span> at {event.service}
        </span>
        <span>{plural(event.attempts, 'attempt')}</span>
        <Age at={event.heldAt} />
        {event.traceId && <Link to={`/traces/${event.traceId}`}>trace</Link>}
      </p>
      {event.error && <p className={`${style.error} mono`}>{event.error}</p>}
      <details onToggle={(toggle) => setOpen(toggle.currentTarget.open)}>
        <summary>What it says</summary>
        {error && <ProblemNote error={error} />}
        {data && (
          <>
            <pre className={`${style.body} mono`}>{JSON.stringify(data.body, null, 2)}</pre>
            {data.audit.map((line) => (
              <p key={line.at}>
                {line.action} by {line.by} <Age at={line.at} />
                {line.note && `: ${line.note}`}
              </p>
            ))}
          </>
        )}
      </details>
    </div>
  );
}

function DiscardForm({ onDiscard }: { onDiscard: (reason: string) => void }) {
  const [reason, setReason] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onDiscard(reason);
  };
  return (
    <form className={panel.form} onSubmit={submit}>
      <p>It will never take effect. What waited behind it goes on.</p>
      <TextInput
        label="Why is it given up?"
        description="Kept with your name."
        required
        withAsterisk={false}
        maxLength={300}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Button type="submit" color="red.8" disabled={reason.trim() === ''}>
        Discard it
      </Button>
    </form>
  );
}
