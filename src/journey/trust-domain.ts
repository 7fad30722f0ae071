/** Whose near hits a tenant may judge and look into: those of a namespace, by the key's own residency and the namespace's audience. */
import { ownerOf } from '../cache/audience.ts';
import { resideIn } from '../cache/residency.ts';
import type { NamespacePolicy } from '../contract/namespaces.ts';
import type { Ports, StoreFault } from '../contract/ports.ts';
import { succeed, type Result } from '../contract/problem.ts';
import type { Controls, Tenant } from '../contract/request.ts';
import type { CacheStats, Feedback, LabelledPair, TrustDomain, TrustWish } from '../contract/trust.ts';

export interface Asker {
  tenant: Tenant;
  controls: Pick<Controls, 'namespace' | 'residency'>;
}

/** All three: null where nothing is cached under such a residency. */
export function giveFeedback(
  said: Feedback,
  by: Asker,
  ports: Pick<Ports, 'namespaces' | 'trust'>,
): Promise<Result<boolean | null, StoreFault>> {
  return within(by, ports, (domain, wish) => ports.trust.feedback(domain, wish, said));
}

export function readStats(
  by: Asker,
  ports: Pick<Ports, 'namespaces' | 'trust'>,
): Promise<Result<CacheStats | null, StoreFault>> {
  return within(by, ports, (domain, wish) => ports.trust.stats(domain, wish));
}

/** `shared`: what other tenants asked is not this one's to read. */
export function readLabels(
  from: { after: number; limit: number },
  by: Asker,
  ports: Pick<Ports, 'namespaces' | 'trust'>,
): Promise<Result<readonly LabelledPair[] | 'shared' | null, StoreFault>> {
  return within<readonly LabelledPair[] | 'shared'>(by, ports, (domain, _wish, audience) =>
    audience === 'shared' ? Promise.resolve(succeed(audience)) : ports.trust.labels(domain, from),
  );
}

async function within<T>(
  { tenant, controls }: Asker,
  { namespaces }: Pick<Ports, 'namespaces'>,
  ask: (domain: TrustDomain, wish: TrustWish, audience: NamespacePolicy['audience']) => Promise<Result<T, StoreFault>>,
): Promise<Result<T | null, StoreFault>> {
  const residence = resideIn([tenant.residency, controls.residency]);
  if (residence.kind === 'nowhere') {
    return succeed(null);
  }
  const { namespace } = controls;
  const served = await namespaces.serve({ tenant: tenant.id, namespace });
  if (!served.ok) {
    return served;
  }
  const { audience, delta, shadowShare } = served.value.policy;
  const jurisdiction = residence.kind === 'within' ? residence.jurisdiction : null;
  return ask({ owner: ownerOf(tenant, audience), namespace, jurisdiction }, { delta, shadowShare }, audience);
}
