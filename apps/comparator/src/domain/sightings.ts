import { endpoints } from './endpoints.js';
import { settled } from './lasting.js';
import { foundMax, type DifferenceName, type EndpointLook, type Look } from './look.js';
import type { WriteKind } from '#libs/contracts/src/filler.js';

/**
 * What became of a write by name: `lost` and `doubled` were so at every look, `behind` was not to be shown any more; `unsure` was not
 * there at the newest look, and that has not lasted.
 */
export type SeenAs = 'lost' | 'doubled' | 'behind' | 'unsure';

/** What a comparison saw of the writes of one kind. */
export interface KindSeen {
  readonly kind: WriteKind;
  readonly named: ReadonlyMap<string, SeenAs>;
  /** How it is with every other write that was looked for; `unsure` when more of them differ than are named. */
  readonly others: 'visible' | 'unsure';
}

/** What the writes that an app answers for were seen to be, at the newest of several looks. */
export interface Seen {
  readonly at: string;
  /** Only writes of fills up to this one were looked for. */
  readonly closedFill: number;
  readonly kinds: readonly KindSeen[];
}

/** Null when the looks do not tell. Endpoints that could not be judged at the newest look tell nothing: neither seen nor lost. */
export function seenAt(looks: readonly Look[]): Seen | null {
  const newest = looks.at(-1);
  const lasting = settled(looks);
  if (!newest || !lasting || newest.closedFill === undefined) return null;
  const kinds = newest.endpoints.flatMap((endpoint) => {
    const kind = endpoints.find(({ path }) => path === endpoint.path)?.kind;
    if (kind === undefined || kind === 'stats' || endpoint.state !== 'judged') return [];
    return [
      kindSeen(
        kind,
        endpoint,
        lasting.endpoints.find(({ path }) => path === endpoint.path)!,
      ),
    ];
  });
  return { at: newest.at, closedFill: newest.closedFill, kinds };
}

function kindSeen(kind: WriteKind, newest: EndpointLook, lasting: EndpointLook): KindSeen {
  const names = (look: EndpointLook, wanted: DifferenceName) =>
    look.found.flatMap(([one, name]) => (one === wanted ? [name] : []));
  const named = new Map<string, SeenAs>();
  const say = (markers: readonly string[], as: SeenAs) => markers.forEach((marker) => named.set(marker, as));
  say(newest.behind ?? [], 'behind');
  say(names(lasting, 'doubled'), 'doubled');
  say(names(newest, 'missing'), 'unsure');
  say(names(lasting, 'missing'), 'lost');
  say(lasting.comingAndGoing ?? [], 'unsure');
  return { kind, named, others: newest.found.length < foundMax ? 'visible' : 'unsure' };
}
