/**
 * Decides what the cache may do for a request, before anything is read. Pure.
 */
import type { GenerationRequest } from '../contract/request.ts';
import type { SplitRequest } from './split-question.ts';

export interface CachePlan {
  reads: boolean;
  writes: boolean;
  /** Near hits may answer, and the question's vector is stored. */
  usesMeaning: boolean;
  /** What a request that is not answered from the cache is called. */
  otherwise: 'MISS' | 'BYPASS' | 'REFRESH';
  /** Why, for the trace. */
  reason: string;
}

export function planCache(request: GenerationRequest, split: SplitRequest): CachePlan {
  const { controls, tenant } = request;
  const reason = whyBypassed(request, split);
  if (reason !== null) {
    return { reads: false, writes: false, usesMeaning: false, otherwise: 'BYPASS', reason };
  }
  const isRefresh = controls.cache === 'refresh';
  return {
    reads: !isRefresh,
    writes: true,
    usesMeaning: split.isText && controls.cacheKey === null && !hasChoices(request),
    otherwise: isRefresh ? 'REFRESH' : 'MISS',
    reason: isRefresh ? 'the client asked for a fresh answer' : `cacheable for ${tenant.id}`,
  };
}

/** A client that asks for several choices wants variety; only the very same question may repeat them. */
function hasChoices(request: GenerationRequest): boolean {
  return typeof request.body['n'] === 'number' && request.body['n'] > 1;
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
