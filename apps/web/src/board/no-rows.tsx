import { useEffect, useState } from 'react';
import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { Empty, Waiting } from '../parts/states.js';

const patienceMs = 6_000;

/** The board before its first message. */
export function NothingHeardYet() {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  if (!isLate) return <Waiting forWhat="the board" />;
  return (
    <Empty title="Lockstep does not answer">
      <p role="status">
        It may be starting, or your network is down. This page tries again every few seconds; there is nothing to do.
      </p>
    </Empty>
  );
}

export function NoAppYet() {
  return (
    <Empty title="No app takes part yet">
      <p>The first submission appears here within a second, and is filled right after.</p>
      <Button component={Link} to="/" mt={20}>
        Submit an app
      </Button>
    </Empty>
  );
}
