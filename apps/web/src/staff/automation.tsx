import { useState, type SubmitEvent } from 'react';
import { Button, Switch, TextInput } from '@mantine/core';
import style from './automation.module.css';
import { Said } from './said.js';
import panel from './staff.module.css';
import { useOrder } from './use-order.js';
import { left } from '../parts/quantities.js';
import { Countdown } from '../parts/time.js';
import type { Timers } from '#libs/contracts/src/gateway.js';

/** What runs by itself, and how often. Every change is told by what the server then has. */
export function Automation({ timers: { fill, compare } }: { timers: Timers }) {
  return (
    <section className={panel.panel} aria-labelledby="automation-title">
      <h2 id="automation-title">Automation</h2>
      {fill ? (
        <Schedule name="fill" label="Fills" next="next fill" timer={fill} nextAt={fill.nextFillAt} />
      ) : (
        <p>The submission service does not answer; fills cannot be set now.</p>
      )}
      {compare ? (
        <Schedule
          name="compare"
          label="Sync checks"
          next="next sync check"
          timer={compare}
          nextAt={compare.nextCompareAt}
        />
      ) : (
        <p>The comparator does not answer; sync checks cannot be set now.</p>
      )}
      {fill && <BaselineAddress address={fill.baselineUrl} />}
    </section>
  );
}

interface ScheduleProps {
  name: 'fill' | 'compare';
  label: string;
  next: string;
  timer: { on: boolean; intervalSeconds: number };
  nextAt: string | null;
}

function Schedule({ name, label, next, timer, nextAt }: ScheduleProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const order = useOrder<Timers>((timers) => {
    const { on, intervalSeconds } = timers[name]!;
    return on ? `${label} are on, every ${left(intervalSeconds * 1_000)}.` : `${label} are off.`;
  });
  const change = async (part: Partial<ScheduleProps['timer']>) => {
    if (await order.send('/api/v1/automation', { method: 'PATCH', body: { [name]: part } })) setTyped(null);
  };
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    void change({ intervalSeconds: Number(typed) });
  };
  const path = `${name}.intervalSeconds`;
  return (
    <div className={style.schedule}>
      <Switch
        label={label}
        checked={timer.on}
        disabled={order.isSending}
        onChange={(event) => void change({ on: event.currentTarget.checked })}
      />
      <p className={style.next}>
        {timer.on && nextAt && (
          <>
            {next} in <Countdown to={nextAt} due="a moment" />
          </>
        )}
      </p>
      <form className={style.inline} onSubmit={save}>
        <TextInput
          label={`Seconds between ${label.toLowerCase()}`}
          inputMode="numeric"
          value={typed ?? String(timer.intervalSeconds)}
          error={order.problem?.document.errors?.find((error) => error.path === path)?.message}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={typed === null} loading={order.isSending}>
          Set
        </Button>
      </form>
      <Said {...order} />
    </div>
  );
}

function BaselineAddress({ address }: { address: string }) {
  const [typed, setTyped] = useState<string | null>(null);
  const order = useOrder<Timers>((timers) => `Apps are compared with ${timers.fill?.baselineUrl} from now on.`);
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const body = { fill: { baselineUrl: typed } };
    if (await order.send('/api/v1/automation', { method: 'PATCH', body })) setTyped(null);
  };
  return (
    <form className={style.schedule} onSubmit={(event) => void save(event)}>
      <div className={style.inline}>
        <TextInput
          label="Baseline address"
          description="Fills and comparisons use it from the next one on."
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          inputMode="url"
          spellCheck={false}
          value={typed ?? address}
          error={order.problem?.document.errors?.find((error) => error.path === 'fill.baselineUrl')?.message}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={typed === null} loading={order.isSending}>
          Set
        </Button>
      </div>
      <Said {...order} />
    </form>
  );
}
