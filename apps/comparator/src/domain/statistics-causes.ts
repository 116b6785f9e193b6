import { emptyGroup, listed, type Group } from './cause-group.js';
import type { Difference, EndpointLook, Look, ZoneRange } from './look.js';
import type { MistakeName } from './mistakes.js';

/** Figures that are counted from entries; the other ones are counted from moods. */
const ofEntries = ['total_entries', 'entries_today', 'last7_days'];
const ofDays = ['entries_today', 'last7_days'];

/**
 * Statistics that do not follow from the app's own rows: in another zone, as text, or from elsewhere. Those that can follow from rows
 * which are lost or doubled are told with these, and not once more; nor those of one of two stores, which rows tell of (`byTurns`).
 */
export function statisticsGroups({ endpoints }: Look, byTurns = false): Group[] {
  return endpoints.flatMap((endpoint) => {
    const wrong = endpoint.found.flatMap(([kind, name]) => (kind === 'derived' ? [name] : []));
    const retyped = wrong.filter((name) => isRetyped(endpoint, name));
    const zoned =
      endpoint.zone && !byTurns ? wrong.filter((name) => ofDays.includes(name) && !retyped.includes(name)) : [];
    const rest = wrong.filter((name) => !retyped.includes(name) && !zoned.includes(name));
    const isTold = byTurns && endpoints.some(({ missing }) => missing > 0);
    const following = rest.filter((name) => isTold || followsFrom(endpoints, name));
    const apart = rest.filter((name) => !following.includes(name));
    const group = (names: readonly string[], mistake: MistakeName, sentence: () => string): Group => ({
      ...{ ...emptyGroup, name: 'derived', mistake, rows: names.length, endpoints: [endpoint.path], sentence },
    });
    return [
      group(retyped, 'retyped-column', () => `${listed(retyped)} ${retyped.length === 1 ? 'is' : 'are'} text instead of numbers.`), // prettier-ignore
      group(zoned, 'time-zone-cast', () => zoneSentence(zoned, endpoint.zone!)),
      byTurns ? group(apart, 'two-stores', () => turnsSentence(apart)) : group(apart, ...apartOf(apart, endpoint)),
    ];
  });
}

/** Figures that do not follow from the rows, whatever they count; not those that are text. */
export const figuresApart = ({ endpoints }: Look): string[] =>
  endpoints.flatMap((endpoint) =>
    endpoint.found.flatMap(([kind, name]) => (kind === 'derived' && !isRetyped(endpoint, name) ? [name] : [])),
  );

/** Figures of the statistics that follow from rows of an endpoint that are lost, doubled or of another mood. */
export function figuresFrom({ path }: EndpointLook, { endpoints }: Look): string[] {
  const isMood = path.includes('/moods');
  const isEntry = path.includes('/entries');
  return endpoints.flatMap((endpoint) =>
    endpoint.found.flatMap(([kind, name]) => {
      if (kind !== 'derived' || isRetyped(endpoint, name)) return [];
      if (endpoint.zone && ofDays.includes(name)) return [];
      return (ofEntries.includes(name) ? isEntry : isMood) ? [name] : [];
    }),
  );
}

const followsFrom = (endpoints: readonly EndpointLook[], name: string): boolean =>
  endpoints.some(({ path, missing, doubled, differences }) => {
    const isChanged = differences.some(({ fields }) => fields[0]?.path === '/mood');
    const isIts = path.includes(ofEntries.includes(name) ? '/entries' : '/moods');
    return isIts && (missing + doubled > 0 || isChanged);
  });

const isRetyped = ({ differences }: EndpointLook, name: string): boolean =>
  differenceOf(differences, name)?.fields[0]?.kind === 'type';

const differenceOf = (differences: readonly Difference[], name: string) =>
  differences.find(({ kind, what }) => kind === 'derived' && what === name);

/** A total below what was acknowledged tells of rows that are lost behind the window. */
function apartOf(names: readonly string[], { differences }: EndpointLook): [MistakeName, () => string] {
  const field = names.includes('total_entries') ? differenceOf(differences, 'total_entries')?.fields[0] : undefined;
  if (typeof field?.baseline === 'string' && field.baseline.startsWith('at least '))
    return [
      'missed-backfill',
      () => `The app counts ${String(field.app)} entries in all and must have ${String(field.baseline)}: older rows are lost, behind what its list can show.`, // prettier-ignore
    ];
  return [
    'statistics-apart',
    () => `${listed(names)} ${names.length === 1 ? 'does' : 'do'} not follow from the app’s own rows.`,
  ];
}

const turnsSentence = (names: readonly string[]): string =>
  `${listed(names)} ${names.length === 1 ? 'does' : 'do'} not follow from the app’s own rows: these come and go between looks, now these and now others.`;

const zoneSentence = (names: readonly string[], { first, last }: ZoneRange): string =>
  `${listed(names)} ${names.length === 1 ? 'cuts' : 'cut'} days at the midnight of another time zone than UTC: ${
    first === last ? offset(first) : `one from ${offset(first)} to ${offset(last)}`
  }.`;

/** `UTC+5:30` */
function offset(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`;
}
