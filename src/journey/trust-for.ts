/** What a request's namespace has learnt of its near hits, and where is told what became of the request. */
import type { Ports } from '../contract/ports.ts';
import type { ServedTrust } from '../contract/trust.ts';
import type { LookUp } from './look-up.ts';

export function trustFor({ request, key, policy }: LookUp, { trust }: Pick<Ports, 'trust'>): Promise<ServedTrust> {
  const { owner, jurisdiction } = key;
  const { delta, shadowShare } = policy;
  return trust.serve({ owner, jurisdiction, namespace: request.controls.namespace }, { delta, shadowShare });
}
