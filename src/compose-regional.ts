/** The Durable Object in which answers lie that must not leave a jurisdiction. It is created in that jurisdiction. */
import { DurableObject } from 'cloudflare:workers';
import type { RegionalAnswersOptions } from './bindings/regional-answers.ts';
import { createRegionalCache, type RegionalCacheCore } from './bindings/regional-cache.ts';
import type { Jurisdiction } from './contract/ports.ts';

export class RegionalCache extends DurableObject {
  readonly #core: RegionalCacheCore;

  constructor(state: DurableObjectState, env: Cloudflare.Env) {
    super(state, env);
    this.#core = createRegionalCache({ storage: state.storage, clock: { now: () => Date.now() } });
  }

  read(name: string): ArrayBuffer | null {
    return this.#core.read(name);
  }

  write(name: string, sealed: ArrayBuffer, expiresAt: number): Promise<void> {
    return this.#core.write(name, sealed, expiresAt);
  }

  remove(name: string): void {
    this.#core.remove(name);
  }

  override alarm(): Promise<void> {
    return this.#core.expire();
  }
}

/** `here`: the jurisdiction in which everything runs that this Worker does, where it is no matter of Cloudflare's. */
export function cachesIn(
  caches: DurableObjectNamespace<RegionalCache>,
  here: Jurisdiction | null,
): RegionalAnswersOptions['cacheIn'] {
  return (jurisdiction, name) =>
    jurisdiction === here ? caches.getByName(name) : caches.jurisdiction(jurisdiction).getByName(name);
}
