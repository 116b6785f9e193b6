import type { LabCard } from '#libs/contracts/src/labs.js';

/** Where another lab is found: at the address it was given, else at its port of the host that this page came from. */
export function labAddress({ address, port }: LabCard, here: string): string {
  if (address !== null) return address;
  const url = new URL('/', here);
  url.port = String(port);
  return url.href;
}
