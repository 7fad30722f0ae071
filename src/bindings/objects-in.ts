/** The Durable Objects that are bound to a jurisdiction. */
import type { Jurisdiction } from '../contract/ports.ts';

/** `here`: the jurisdiction in which everything runs that this Worker does, where it is no matter of Cloudflare's. Throws where no object can be bound. */
export function objectsIn<T extends Rpc.DurableObjectBranded | undefined>(
  objects: Pick<DurableObjectNamespace<T>, 'getByName' | 'jurisdiction'>,
  jurisdiction: Jurisdiction,
  here: Jurisdiction | null,
): Pick<DurableObjectNamespace<T>, 'getByName'> {
  return jurisdiction === here ? objects : objects.jurisdiction(jurisdiction);
}
