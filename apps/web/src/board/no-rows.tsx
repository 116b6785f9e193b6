import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { useTimers } from '../api/queries.js';
import { Empty, Waiting } from '../parts/states.js';
import { Moment } from '../parts/time.js';
import { useLate } from '../parts/use-late.js';

const patienceMs = 6_000;

/** The board before its first message. Whether anything answers at all is another matter than whether the stream does. */
export function NothingHeardYet() {
  const isLate = useLate(patienceMs);
  const { data, error } = useTimers();
  if (!isLate) return <Waiting forWhat="the board" />;
  if (data && !error)
    return (
      <Empty title="The live board does not answer">
        <p role="status">
          Lockstep itself does. Its stream of changes is refused or held up on the way here; this page tries again every
          few seconds.
        </p>
      </Empty>
    );
  return (
    <Empty title="Lockstep does not answer">
      <p role="status">
        It may be starting, or your network is down. This page tries again every few seconds; there is nothing to do.
      </p>
    </Empty>
  );
}

/** The gateway is there, and the service that owns the board has never answered it. */
export function NotReadableYet() {
  return (
    <Empty title="The board cannot be read yet">
      <p role="status">On our side; nothing is lost, and it comes by itself.</p>
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

export function NoAppThen({ at }: { at: string }) {
  return (
    <Empty title="No app took part then">
      <p>
        This is <Moment at={at} />. Move the time to the right to see who joined.
      </p>
    </Empty>
  );
}
