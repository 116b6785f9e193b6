/** Injection tokens of the two drivers. */
export const BROWSER_DRIVER = Symbol('browser driver');
export const HTTP_DRIVER = Symbol('http driver');
