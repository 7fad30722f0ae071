/** The Durable Object in which answers lie that must not leave a jurisdiction. It is created in that jurisdiction. */
import { DurableObject } from 'cloudflare:workers';
import { objectsIn } from './bindings/objects-in.ts';
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

/** `here`: see {@link objectsIn}. */
export function cachesIn(
  caches: DurableObjectNamespace<RegionalCache>,
  here: Jurisdiction | null,
): RegionalAnswersOptions['cacheIn'] {
  return (jurisdiction, name) => objectsIn(caches, jurisdiction, here).getByName(name);
}
