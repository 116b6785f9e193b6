import { randomUUID } from 'node:crypto';
import { FakeApp } from './fake-app.js';
import { FillClosed, TargetFilled, type FillWrite } from '#libs/contracts/src/filler.js';
import type { InputOf } from '#libs/contracts/src/contract.js';
import { AppSubmitted, FillRequested } from '#libs/contracts/src/submission.js';
import { markerOfNumber } from '#libs/parity/src/marker.js';

export interface Student {
  readonly appId: string;
  readonly name: string;
  readonly app: FakeApp;
  readonly joinedAt: string;
}

let markers = 1;
const fillIds = new Map<number, string>();
const fillIdOf = (number: number): string => {
  if (!fillIds.has(number)) fillIds.set(number, randomUUID());
  return fillIds.get(number)!;
};

/** The writes of one fill, all acknowledged: the same for every target. */
export function writesOf(count: number, at = new Date().toISOString()): FillWrite[] {
  return Array.from({ length: count }, (_, index) => {
    const marker = markerOfNumber((markers += 7_919));
    const value = (markers += 3);
    const payloads = [
      { marker, payload: { kind: 'entry', text: `${marker} a walk` } },
      { marker, payload: { kind: 'mood', mood: 'calm', note: `${marker} slept well` } },
      { marker: `#${value}`, payload: { kind: 'value', value } },
    ] as const;
    const times = { sentAt: at, answeredAt: at };
    return {
      ...payloads[index % 3]!,
      ...times,
      index,
      writeId: randomUUID(),
      outcome: 'acknowledged',
      status: 200,
      reason: null,
    };
  });
}

export const submitted = (
  { appId, name, app, joinedAt }: Student,
  url = app.address,
): InputOf<typeof AppSubmitted> => ({
  ...{ appId, name, team: null, url, joinedAt },
});

export const requested = (
  number: number,
  baseline: { readonly address: string },
  students: readonly Student[],
  requestedAt: string,
): InputOf<typeof FillRequested> => ({
  ...{
    fillId: fillIdOf(number),
    number,
    seed: 'seed seed',
    reason: 'schedule',
    by: 'lockstep',
    mode: 'all',
    iterations: 1,
    requestedAt,
  },
  targets: [
    { targetId: randomUUID(), role: 'baseline', name: 'baseline', url: baseline.address },
    ...students.map(({ appId, name, app }) => ({ targetId: appId, role: 'app' as const, name, url: app.address })),
  ],
});

export const filled = (
  number: number,
  { appId, name }: Student,
  writes: readonly FillWrite[],
): InputOf<typeof TargetFilled> => ({
  ...{ fillId: fillIdOf(number), number, targetId: appId, role: 'app', targetName: name, driver: 'http' },
  ...{ outcome: 'filled', note: null, endedAt: new Date().toISOString(), writes: [...writes] },
});

export const closed = (number: number, filledCount: number): InputOf<typeof FillClosed> => ({
  ...{
    fillId: fillIdOf(number),
    number,
    closedAt: new Date().toISOString(),
    filled: filledCount,
    partly: 0,
    givenUp: 0,
  },
});
