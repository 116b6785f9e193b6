import { useEffect, useRef } from 'react';
import { useSearchParams } from 'react-router';
import { chooseEndpoint, findRow, placeOfCause, rowName, step, type Place } from './walk.js';
import type { ComparisonDetail } from '#libs/contracts/src/comparator.js';

/** Which endpoint and which row are looked at: kept in the address, so that a link leads to the very row. */
export function usePlace(comparison: ComparisonDetail) {
  const [params, setParams] = useSearchParams();
  const { endpoints, causes, state } = comparison;
  // Which endpoint is opened first must not tell what a first look has seen.
  const told = state === 'done' ? endpoints : endpoints.map((one) => ({ ...one, differences: [] }));
  const endpoint = chooseEndpoint(told, params.get('endpoint'));
  const row = endpoint ? findRow(endpoint, params.get('row')) : null;
  const at = useRef({ path: '', index: row });
  useEffect(() => {
    at.current = { path: endpoint?.path ?? '', index: row };
  }, [endpoint?.path, row]);

  /** A held key asks faster than the address changes: the newest wish counts. */
  const go = (path: string, index: number | null): void => {
    at.current = { path, index };
    setParams(
      (before) => {
        const target = endpoints.find((one) => one.path === path);
        before.set('endpoint', path);
        if (index === null || !target) before.delete('row');
        else before.set('row', rowName(target, index));
        return before;
      },
      { replace: true, preventScrollReset: true },
    );
  };
  const goTo = (place: Place | undefined): void => {
    if (place) go(place.path, place.index);
  };
  return {
    endpoint,
    row,
    showEndpoint: (path: string) => go(path, null),
    showRow: go,
    walk: (by: 1 | -1) => goTo(step(endpoints, at.current, by)),
    showCause: (index: number) => {
      const place = causes[index] && placeOfCause(endpoints, causes[index]);
      if (place) go(place.path, place.index);
    },
  };
}
