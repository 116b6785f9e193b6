import Sequencer from '@jest/test-sequencer';

/** Seconds that a file takes beside others, roughly; only their order counts. Files that are not here take less than these. */
const seconds = {
  'pages.e2e-spec.ts': 75,
  'main-job.e2e-spec.ts': 65,
  'fill.e2e-spec.ts': 44,
  'consumers.e2e-spec.ts': 44,
  'labs.e2e-spec.ts': 40,
  'workers.e2e-spec.ts': 40,
  'instances.e2e-spec.ts': 38,
  'real-lab.e2e-spec.ts': 37,
  'broker.e2e-spec.ts': 35,
  'faults.e2e-spec.ts': 35,
  'up.e2e-spec.ts': 30,
  'flows.e2e-spec.ts': 30,
  'database.e2e-spec.ts': 30,
  'cheaters.e2e-spec.ts': 28,
  'sightings.int-spec.ts': 40,
  'dead-letters.int-spec.ts': 32,
  'comparator.int-spec.ts': 30,
  'leaderboard.int-spec.ts': 29,
  'parts.int-spec.ts': 27,
  'servers.int-spec.ts': 24,
  'faulty-student.int-spec.ts': 23,
  'owner.int-spec.ts': 22,
};

/** A long file that begins last leaves the other workers idle until it ends. Beyond the list: as jest orders them, by earlier runs or size. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const secondsOf = ({ path }) => seconds[path.slice(path.lastIndexOf('/') + 1)] ?? 0;
    return super.sort(tests).toSorted((a, b) => secondsOf(b) - secondsOf(a));
  }
}
