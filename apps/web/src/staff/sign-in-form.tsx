import { useState, type SubmitEvent } from 'react';
import { Button, PasswordInput, TextInput } from '@mantine/core';
import style from './staff.module.css';
import { call } from '../api/call.js';
import { queryClient } from '../api/queries.js';
import { rememberSignIn } from '../api/sign-in-memory.js';
import { seeAsAnother } from '../api/use-live-board.js';
import { ProblemNote } from '../parts/problem-note.js';
import type { SignedIn } from '#libs/contracts/src/gateway.js';

export function SignInForm({ name: knownName = '' }: { name?: string }) {
  const [name, setName] = useState(knownName);
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<unknown>(null);
  const [isSending, setSending] = useState(false);
  const signIn = async (event: SubmitEvent) => {
    event.preventDefault();
    setSending(true);
    try {
      const session = await call<SignedIn>('/api/v1/session', { method: 'POST', body: { name, password } });
      setProblem(null);
      rememberSignIn(true);
      queryClient.setQueryData(['session'], session);
      seeAsAnother();
    } catch (error) {
      setProblem(error);
    } finally {
      setSending(false);
    }
  };
  return (
    <form className={style.form} onSubmit={(event) => void signIn(event)}>
      <TextInput
        label="Name"
        autoComplete="username"
        required
        withAsterisk={false}
        size="md"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <PasswordInput
        label="Password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        size="md"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
      />
      {problem !== null && <ProblemNote error={problem} />}
      <Button type="submit" size="md" loading={isSending}>
        Sign in
      </Button>
    </form>
  );
}
