import { useState, type ReactNode } from 'react';
import { Modal } from '@mantine/core';
import { SignInForm } from './sign-in-form.js';
import style from './staff.module.css';
import { useSession } from '../api/queries.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Waiting } from '../parts/states.js';
import type { SignedIn } from '#libs/contracts/src/gateway.js';

interface StaffDoorProps {
  /** Heading of the page while nobody is signed in. */
  title: string;
  children: (session: SignedIn, onSignedOut: () => void) => ReactNode;
}

/** Sign-in, then the page. When the session ends, one signs in again over the page, which stays as it was. */
export function StaffDoor({ title, children }: StaffDoorProps) {
  const session = useSession();
  const [known, setKnown] = useState<SignedIn | null>(null);
  if (session.data && session.data !== known) setKnown(session.data);
  const isOver = known !== null && session.data === null;

  if (!known && session.isPending) return <Waiting forWhat="the session" />;
  if (!known && session.error) return <ProblemNote error={session.error} onRetry={() => void session.refetch()} />;
  if (!known)
    return (
      <section className={style.door} aria-labelledby="door-title">
        <h1 id="door-title">{title}</h1>
        <p className={style.hint}>
          The first start of Lockstep printed a name and a password, once. Lost it?{' '}
          <code className="mono">./lockstep password</code> makes another.
        </p>
        <SignInForm />
      </section>
    );
  return (
    <>
      {children(known, () => setKnown(null))}
      <Modal
        opened={isOver}
        onClose={() => undefined}
        withCloseButton={false}
        closeOnEscape={false}
        closeOnClickOutside={false}
        title="Your session has ended"
      >
        <p className={style.hint}>
          Sign in again; the page behind stays as you left it. What you had just asked for was not done.
        </p>
        <SignInForm name={known.name} />
      </Modal>
    </>
  );
}
