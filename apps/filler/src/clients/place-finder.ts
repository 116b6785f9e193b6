import { inTime } from '../in-time.js';
import { isRefusal } from '#libs/egress/src/egress-code.js';
import type { EgressPolicy } from '#libs/egress/src/egress-policy.js';
import type { NameResolver } from '#libs/egress/src/resolver.js';

/** A name whose servers are slow has no place in this fill; its own part will say what is wrong with it. */
const lookupMsMax = 2_000;
const placesMax = 16;

/** Finds where the name of an app leads: see domain/places.ts. */
export class PlaceFinder {
  constructor(
    private readonly policy: EgressPolicy,
    private readonly resolver: NameResolver,
  ) {}

  /** Sorted; empty when it is not known in time. */
  async placesOf(appUrl: string): Promise<string[]> {
    const target = this.policy.readTargetUrl(appUrl);
    if (isRefusal(target)) return [];
    const { host, port } = target;
    const addresses = this.policy.fixedAddresses(host) ?? (await this.lookUp(host));
    const places = addresses.map((address) => (this.policy.allows(host, port) ? `${address} ${port}` : address));
    return places.toSorted().slice(0, placesMax);
  }

  private async lookUp(host: string): Promise<readonly string[]> {
    const found = this.resolver.resolve(host).catch(() => []); // why not: its own part finds that out and says so
    return (await inTime(found, lookupMsMax)) ?? [];
  }
}
