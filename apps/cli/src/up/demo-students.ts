/** A student of the demo: what its app does wrong is done by a proxy before a faithful journal. No faults: the journal itself. */
export interface DemoStudent {
  /** In file names, ports and databases; never changed, since those are kept. */
  readonly key: string;
  /** As the board shows it. */
  readonly name: string;
  readonly faults: readonly object[];
}

/** One of each kind of verdict, so that a newcomer has seen them. What must be said of each: README. */
export const demoStudents = (baselineUrl: string, now: Date): readonly DemoStudent[] => [
  { key: 'faithful', name: 'Faithful', faults: [] },
  { key: 'lossy', name: 'Lossy', faults: [{ name: 'drop-acknowledged', everyNth: 4, kinds: ['entry'] }] },
  { key: 'laggy', name: 'Laggy', faults: [{ name: 'lagging', lagMs: 5_000 }] },
  { key: 'proxying', name: 'Proxying', faults: [{ name: 'proxy-baseline', baseline: baselineUrl }] },
  { key: 'flapping', name: 'Flapping', faults: [{ name: 'flapping', up: 60, down: 20 }] },
  { key: 'timeZone', name: 'Wrong time zone', faults: [{ name: 'time-zone', zone: anotherDayThan(now) }] },
];

/**
 * A zone in which it is another day than in UTC, else a wrong zone would not show: twelve hours behind, or fourteen ahead. What is
 * written now lies in the other day for good.
 */
export const anotherDayThan = (now: Date): string => (now.getUTCHours() < 11 ? 'Etc/GMT+12' : 'Pacific/Kiritimati');
