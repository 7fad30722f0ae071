/** How large a share of requests is sampled. Pure. */
import type { Evidence } from './bounds.ts';
import { isOff } from './policy.ts';
import type { ExitPublication } from './publication.ts';
import type { ExitSettings } from './settings.ts';
import { cautionOf, type Watch } from './watch.ts';

/**
 * The probability with which this isolate samples its next request. The coin is tossed before the first stage and for
 * every request alike; only then are the rows a fair sample. A busy isolate samples none: whoever asks knows that.
 */
export function sampleShare(publication: ExitPublication, watch: Watch): number {
  const isCalm = publication.caution === 'none' && cautionOf(watch) === 'none' && !isOff(publication.live);
  return isCalm ? publication.share : publication.maxShare;
}

/**
 * The share to publish: the base one where the bound lies close to the observed rate, up to the largest where most of
 * the constraint is used up by not knowing. In twentieths, so that it changes seldom.
 */
export function calmShare(
  { share, maxShare, constraint }: ExitSettings,
  { rows, misses }: Evidence,
  bound: number,
): number {
  const unknown = (bound - misses / Math.max(1, rows)) / constraint;
  const looseness = Math.min(1, Math.max(0, 2 * unknown - 1.2));
  return Math.min(maxShare, share + Math.ceil(20 * looseness * (maxShare - share)) / 20);
}
