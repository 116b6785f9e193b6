import { useId, useState } from 'react';
import { Button, NativeSelect } from '@mantine/core';
import style from './windows.module.css';
import { lengthText } from './proof-words.js';
import { queryClient } from '../api/queries.js';
import { Said } from '../staff/said.js';
import { useOrder } from '../staff/use-order.js';

interface Declared {
  windowId: string;
  appName: string;
  seconds: number;
}
interface DeclareWindowProps {
  appId: string;
  claimCode: string | undefined;
  onDeclared?: (windowId: string) => void;
}

const lengths = [60, 300, 900, 1_800].map((seconds) => ({
  value: String(seconds),
  label: lengthText(seconds * 1_000),
}));

/** "My cutover begins now", for the app's owner and for staff. */
export function DeclareWindow({ appId, claimCode, onDeclared }: DeclareWindowProps) {
  const [seconds, setSeconds] = useState('60');
  const order = useOrder<Declared>(
    (window) => `${window.appName} is watched for ${lengthText(window.seconds * 1_000)}.`,
  );
  const fieldId = useId();
  const declare = async () => {
    const declared = await order.send(`/api/v1/apps/${encodeURIComponent(appId)}/windows`, {
      method: 'POST',
      body: { seconds: Number(seconds) },
      ...(claimCode ? { headers: { 'x-claim-code': claimCode } } : {}),
    });
    if (!declared) return;
    void queryClient.invalidateQueries({ queryKey: ['windows', appId] });
    onDeclared?.(declared.reply.windowId);
  };
  return (
    <div className={style.declare}>
      <div className={style.fields}>
        <label htmlFor={fieldId}>Watch it for</label>
        <NativeSelect
          id={fieldId}
          size="xs"
          data={lengths}
          value={seconds}
          onChange={(event) => setSeconds(event.currentTarget.value)}
        />
        <Button size="xs" loading={order.isSending} onClick={() => void declare()}>
          Cutover begins now
        </Button>
      </div>
      <Said {...order} />
    </div>
  );
}
