/** Kinds of work of this service. */
export const FILL_BROWSER = 'fill-browser';
export const FILL_HTTP = 'fill-http';
export const FILL_DEADLINE = 'fill-deadline';
