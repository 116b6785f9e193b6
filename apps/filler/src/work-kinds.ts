/** Kinds of work of this service. */
export const FILL_PLACES = 'fill-places';
export const FILL_BROWSER = 'fill-browser';
export const FILL_HTTP = 'fill-http';
export const FILL_DEADLINE = 'fill-deadline';
/** Its subject is the window's id. */
export const PROBE_WINDOW = 'probe-window';
/** Its subject is the pre-flight's id. */
export const TRIAL_WRITE = 'trial-write';

/** The work that fills a part. */
export const workOf = (driver: 'browser' | 'http'): string => (driver === 'browser' ? FILL_BROWSER : FILL_HTTP);

/** The subject of a part's work: which fill, which target. */
export const partSubject = (fillId: string, targetId: string): string => `${fillId}:${targetId}`;
export const readPartSubject = (subject: string): [fillId: string, targetId: string] =>
  subject.split(':') as [string, string];
