/**
 * Decides what the cache may do for a request, before anything is read. Pure.
 */
import type { GenerationRequest } from '../contract/request.ts';
import type { CacheSettings } from '../contract/settings.ts';
import type { SplitRequest } from './split-question.ts';

export interface CachePlan {
  reads: boolean;
  writes: boolean;
  /** The question may be compared by meaning: its vector is stored, and near hits may answer at `threshold`. */
  usesMeaning: boolean;
  /** The least cosine of a near hit; 1 for none. */
  threshold: number;
  /** What a request that is not answered from the cache is called. */
  otherwise: 'MISS' | 'BYPASS' | 'REFRESH';
  /** Why, for the trace. */
  reason: string;
}

export function planCache(
  request: GenerationRequest,
  split: SplitRequest,
  { similarity }: Pick<CacheSettings, 'similarity'>,
): CachePlan {
  const { controls, tenant } = request;
  const reason = whyBypassed(request, split);
  if (reason !== null) {
    return { reads: false, writes: false, usesMeaning: false, threshold: 1, otherwise: 'BYPASS', reason };
  }
  const isRefresh = controls.cache === 'refresh';
  const threshold = controls.similarity ?? similarity;
  return {
    reads: !isRefresh,
    writes: true,
    usesMeaning: canCompare(request, split) && Math.min(threshold, similarity) < 1,
    threshold,
    otherwise: isRefresh ? 'REFRESH' : 'MISS',
    reason: isRefresh ? 'the client asked for a fresh answer' : `cacheable for ${tenant.id}`,
  };
}

/** A client that asks for several choices wants variety; only the very same question may repeat them. */
function canCompare({ body, controls }: GenerationRequest, { isText }: SplitRequest): boolean {
  const hasChoices = typeof body['n'] === 'number' && body['n'] > 1;
  return isText && controls.cacheKey === null && !hasChoices;
}

function whyBypassed({ controls, tenant }: GenerationRequest, split: SplitRequest): string | null {
  if (controls.cache === 'bypass') {
    return 'the client asked for no cache';
  }
  if (split.isToolTurn && !controls.cachesToolTurns) {
    return 'no user wrote the last message';
  }
  if (controls.residency !== null || tenant.residency !== null) {
    return 'bound to a jurisdiction, and KV is global';
  }
  return null;
}
