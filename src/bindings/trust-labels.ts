/** A domain's checked pairs, opened for their owner. */
import type { LabelledPair } from '../contract/trust.ts';
import { openTexts } from './trust-batch.ts';
import { inTime, type TrustLink } from './trust-link.ts';

/** Behind pairs that no key opens, so many are read at a time: a keeper has 20,000 at most. */
const LONG_PAGE = 1000;
const MAX_PAGES = 25;

/**
 * What no key opens any more is left out; a page is empty only where none follows. Throws an Error where the keeper does not answer in time, or
 * has more than can be.
 */
export async function readLabels(
  { keeper, sealing }: Pick<TrustLink, 'keeper' | 'sealing'>,
  { after, limit }: { after: number; limit: number },
): Promise<LabelledPair[]> {
  let from = after;
  for (let page = 0; page < MAX_PAGES; page++) {
    const most = page === 0 ? limit : Math.max(limit, LONG_PAGE);
    const kept = await inTime(keeper().labels({ after: from, limit: most }));
    const opened = await Promise.all(
      kept.map(async ({ requestId, texts, ...pair }) => {
        const plain = await openTexts(requestId, texts, sealing);
        return plain === null ? [] : [{ ...pair, ...plain }];
      }),
    );
    const pairs = opened.flat().slice(0, limit);
    const last = kept.at(-1);
    if (pairs.length > 0 || last === undefined) {
      return pairs;
    }
    from = last.number;
  }
  throw new Error('CacheTrust: expected no more pairs than it keeps');
}
