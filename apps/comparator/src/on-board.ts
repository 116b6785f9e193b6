import { isDeepStrictEqual } from 'node:util';
import { toParity } from './comparison-view.js';
import { verdictOfLook, type Look } from './domain/look.js';
import type { Unsaid } from './persistence/held-back.repository.js';
import type { PreviewedVerdict } from '#libs/contracts/src/board-preview.js';
import type { EndpointParity } from '#libs/contracts/src/comparator.js';

/** What is not said yet, as far as the board ranks by it. */
export function previewed({ name, data }: Unsaid): PreviewedVerdict {
  const { appId, computedAt } = data;
  if (name === 'ComparisonFailed') return { appId, verdict: 'unknown', endpoints: [], computedAt };
  return { appId, verdict: data.verdict, endpoints: data.endpoints.map(rankedBy), computedAt };
}

/** What the second of two judgements of one look would change on the board; undefined: nothing. */
export function changeOnBoard(
  appId: string,
  [before, after]: readonly [Look, Look],
): Omit<PreviewedVerdict, 'computedAt'> | undefined {
  const [old, now] = [before, after].map((look) => ({
    ...{ appId, verdict: verdictOfLook(look), endpoints: look.endpoints.map(toParity).map(rankedBy) },
  }));
  return isDeepStrictEqual(old, now) ? undefined : now;
}

const rankedBy = ({ path, verdict, missing }: EndpointParity) => ({ path, verdict, missing });
