import { useState } from 'react';
import { ApiProblem, call, newKey, type CallOptions } from '../api/call.js';
import { queryClient } from '../api/queries.js';

/**
 * One thing that staff ask for: sends it, and keeps what came of it to be said beside the button. When the session has ended,
 * the page asks to sign in again. Each press is a new wish with a key of its own.
 */
export function useOrder<Reply>(told: (reply: Reply) => string) {
  const [said, setSaid] = useState<string | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [isSending, setSending] = useState(false);

  /** Resolves to the reply, or to nothing when it was refused. */
  const send = async (path: string, options: CallOptions): Promise<{ reply: Reply } | undefined> => {
    setSending(true);
    setSaid(null);
    setProblem(null);
    try {
      const reply = await call<Reply>(path, { idempotencyKey: newKey(), ...options });
      setSaid(told(reply));
      return { reply };
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
      if (error.kind === 'sign-in-needed') queryClient.setQueryData(['session'], null);
      return undefined;
    } finally {
      setSending(false);
    }
  };
  return { said, problem, isSending, send };
}
