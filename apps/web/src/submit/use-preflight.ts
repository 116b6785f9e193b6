import { useEffect, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { allWaiting, isSettled, isWriteDue, linesOf, type PreflightLine, type TrialWrite } from './preflight.js';
import { askAgainMs } from '../api/ask-again.js';
import { ApiProblem, call } from '../api/call.js';
import { queryClient } from '../api/queries.js';
import type { PreflightView } from '#libs/contracts/src/preflight.js';

const everyMs = 500;
const keyOf = (id: string | null) => ['preflight', id];
const pathOf = (id: string | null): string => `/api/v1/preflights/${encodeURIComponent(id ?? '')}`;

/** Asked again while something is to come; what is over does not change. */
const useView = (id: string | null, write: TrialWrite) =>
  useQuery({
    queryKey: keyOf(id),
    queryFn: ({ signal }) => call<PreflightView>(pathOf(id), { signal }),
    enabled: id !== null,
    staleTime: ({ state: { data } }) => (data && isSettled(data, write) ? Infinity : 0),
    refetchInterval: ({ state: { data, error } }) =>
      askAgainMs(data !== undefined && isSettled(data, write), error, everyMs),
  });

/** One that was found by its address is only looked at: nothing is written that nobody asked for on this page. */
interface Begun {
  readonly id: string;
  readonly isWriteWanted: boolean;
}
interface AskedWrite {
  readonly id: string;
  readonly problem: ApiProblem | null;
}

/** The trial write of the pre-flight that is shown: asked for once, when it may be and its asker still wants it. */
function useTrialWrite(id: string | null, isWanted: boolean) {
  const [asked, setAsked] = useState<AskedWrite | null>(null);
  const isAsked = asked !== null && asked.id === id;
  const write: TrialWrite = isAsked ? (asked.problem ? 'refused' : 'asked') : isWanted ? 'wanted' : 'unwanted';
  const send = async (of: string) => {
    setAsked({ id: of, problem: null });
    try {
      const view = await call<PreflightView>(`${pathOf(of)}/write`, { method: 'POST' });
      queryClient.setQueryData(keyOf(of), view);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setAsked((now) => (now?.id === of ? { id: of, problem: error } : now)); // another one may be shown by now
    }
  };
  return { write, send, problem: isAsked ? asked.problem : null };
}

/** What begins a pre-flight. It is `beginning` until the address of the page names it: so it is in view all the time. */
function useBegin(id: string | null, onBegun: (view: PreflightView) => void) {
  const [beginning, setBeginning] = useState<{ url: string; newId: string | undefined } | null>(null);
  if (beginning?.newId !== undefined && beginning.newId === id) setBeginning(null);
  /** Resolves to why it was refused, or to nothing. */
  const begin = async (url: string): Promise<ApiProblem | null> => {
    setBeginning({ url, newId: undefined });
    try {
      const view = await call<PreflightView>('/api/v1/preflights', { method: 'POST', body: { url: url.trim() } });
      setBeginning({ url, newId: view.preflightId });
      onBegun(view);
      return null;
    } catch (error) {
      setBeginning(null);
      if (!(error instanceof ApiProblem)) throw error;
      return error;
    }
  };
  return { beginning: beginning?.url ?? null, begin };
}

/** The pre-flight in the address of the page (`?check=`): it can be left and found again, and shown to staff. */
export function usePreflight() {
  const [params, setParams] = useSearchParams();
  const id = params.get('check');
  const [wantsWrite, setWantsWrite] = useState(true);
  const [begun, setBegun] = useState<Begun | null>(null);
  const isWanted = wantsWrite && begun !== null && begun.id === id && begun.isWriteWanted;
  const { write, send, problem } = useTrialWrite(id, isWanted);
  const query = useView(id, write);
  const show = (next: string | null) =>
    setParams((before) => withCheck(before, next), { replace: true, preventScrollReset: true });
  const { beginning, begin } = useBegin(id, (view) => {
    queryClient.setQueryData(keyOf(view.preflightId), view);
    setBegun({ id: view.preflightId, isWriteWanted: wantsWrite });
    show(view.preflightId);
  });
  const isDue = isWriteDue(query.data, write);
  useEffect(() => {
    if (id && isDue) void send(id);
  }, [id, isDue]);

  return {
    ...shownOf({ id, beginning, view: query.data, write, error: query.error }),
    ...{ query, begin, wantsWrite, setWantsWrite, writeProblem: problem },
    writeNow: () => (id ? void send(id) : undefined),
    leave: () => show(null),
  };
}
export type Preflight = ReturnType<typeof usePreflight>;

function withCheck(params: URLSearchParams, id: string | null): URLSearchParams {
  if (id) params.set('check', id);
  else params.delete('check');
  return params;
}

interface Known {
  readonly id: string | null;
  readonly beginning: string | null;
  readonly view: PreflightView | undefined;
  readonly write: TrialWrite;
  readonly error: unknown;
}

/** What there is to see: what was just asked for stands before what was there. */
function shownOf({ id, beginning, view, write, error }: Known): Shown {
  if (beginning !== null) return { ...nothing, id: 'beginning', url: beginning, isRunning: true, isBeginning: true };
  if (id === null) return nothing;
  if (error instanceof ApiProblem && error.kind === 'not-found') return { ...nothing, id, isForgotten: true };
  if (!view) return { ...nothing, id, isRunning: !error };
  const isOver = isSettled(view, write);
  return {
    ...{ ...nothing, id, url: view.url, isRunning: !isOver, askedAt: view.askedAt },
    lines: linesOf(view, write),
    sentence: isOver ? view.sentence : null,
    mayWrite: isOver && view.mayWrite,
  };
}

interface Shown {
  readonly id: string | null;
  readonly url: string | null;
  readonly isRunning: boolean;
  readonly isBeginning: boolean;
  readonly isForgotten: boolean;
  readonly askedAt: string | null;
  readonly lines: readonly PreflightLine[];
  /** What it means, once it is over. */
  readonly sentence: string | null;
  /** Over, and the trial write can still be asked for. */
  readonly mayWrite: boolean;
}
const nothing: Shown = {
  ...{ id: null, url: null, isRunning: false, isBeginning: false, isForgotten: false, askedAt: null },
  ...{ lines: allWaiting, sentence: null, mayWrite: false },
};
