/** Finds out what the cache may do for a request, and where its answer lies: by its own wishes and by the policy of its namespace. */
import { ownerOf } from '../cache/audience.ts';
import { fingerprint } from '../cache/fingerprint.ts';
import { planCache, underPolicy, withoutCache } from '../cache/plan.ts';
import type { SplitRequest } from '../cache/split-question.ts';
import type { EntryKey, Ports } from '../contract/ports.ts';
import type { GenerationRequest } from '../contract/request.ts';
import type { Settings } from '../contract/settings.ts';
import type { LookUp } from './look-up.ts';

/** Of a request that the cache neither reads nor writes for. */
const NOWHERE: EntryKey = { owner: '', jurisdiction: null, scope: '', question: '' };

export async function placeRequest(
  request: GenerationRequest,
  split: SplitRequest,
  { namespaces, digest }: Pick<Ports, 'namespaces' | 'digest'>,
  { cache }: Settings,
): Promise<LookUp> {
  const wished = planCache(request, split, cache);
  if (!wished.writes) {
    return { request, split, plan: wished, key: NOWHERE, policy: cache.namespaces.default };
  }
  const served = await namespaces.serve({ tenant: request.tenant.id, namespace: request.controls.namespace });
  if (!served.ok) {
    // What was purged must not be found again.
    const plan = withoutCache(wished, `its namespace is not known: ${served.problem.detail}`);
    return { request, split, plan, key: NOWHERE, policy: cache.namespaces.default };
  }
  const { policy, generation } = served.value;
  const { jurisdiction } = wished;
  const owner = ownerOf(request.tenant, policy.audience);
  const key = await fingerprint(request, { split, owner, generation, jurisdiction }, digest);
  return { request, split, plan: underPolicy(wished, policy, request.controls.similarity), key, policy };
}
