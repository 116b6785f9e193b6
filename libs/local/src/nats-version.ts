export const natsVersionMin = '2.9.10';

/** Whether what a server says of itself names this version or a newer one. */
export function isVersionEnough(said: string): boolean {
  const found = /v?(\d+)\.(\d+)\.(\d+)/.exec(said)?.slice(1).map(Number) ?? [0, 0, 0];
  const wanted = natsVersionMin.split('.').map(Number);
  const firstOther = found.findIndex((part, i) => part !== wanted[i]);
  return firstOther === -1 || found[firstOther]! > wanted[firstOther]!;
}
