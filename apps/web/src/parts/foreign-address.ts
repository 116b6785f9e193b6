/** An address that somebody submitted, where it leads to a web page; anything else is no link. */
export function webPageAt(url: string): string | undefined {
  const address = URL.parse(url);
  return address && ['http:', 'https:'].includes(address.protocol) ? address.href : undefined;
}

/** Without scheme and closing slash: what tells one app from another. */
export const shortAddress = (url: string): string => url.replace(/^https?:\/\//, '').replace(/\/$/, '');
