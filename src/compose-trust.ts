/**
 * The Durable Object in which a domain's near hits are judged, one for each domain, by name; and how an isolate finds it. A
 * name that begins with a jurisdiction is of a domain that is bound to it: its object is made there, and publishes nothing
 * to KV. Calls come from this Worker's own isolates alone.
 */
import { DurableObject } from 'cloudflare:workers';
import { createTrustStore } from './bindings/kv-trust.ts';
import { createNearTrust, type IsolateTrust, type NearTrustOptions } from './bindings/near-trust.ts';
import { objectsIn } from './bindings/objects-in.ts';
import type { TrustBatch } from './bindings/trust-batch.ts';
import { createTrustKeeper, type FeedbackReply, type TrustKeeper } from './bindings/trust-keeper.ts';
import type { KeptPair } from './bindings/trust-tables.ts';
import { GENERAL_HEAD } from './cache/trust/general-head.ts';
import type { TrustPublication } from './cache/trust/state.ts';
import type { Jurisdiction } from './contract/ports.ts';
import type { CacheStats, Feedback, TrustWish } from './contract/trust.ts';

/** What stands between a jurisdiction and a domain's name. */
const BOUND = '/';

export class CacheTrust extends DurableObject {
  readonly #keeper: TrustKeeper;

  constructor(state: DurableObjectState, env: Cloudflare.Env) {
    super(state, env);
    const name = state.id.name ?? '';
    this.#keeper = createTrustKeeper({
      domain: name,
      general: GENERAL_HEAD,
      storage: state.storage,
      store: name.includes(BOUND) ? null : createTrustStore(env.KV),
      clock: { now: () => Date.now() },
    });
  }

  report(batch: TrustBatch): Promise<TrustPublication | null> {
    return this.#keeper.report(batch);
  }

  feedback(said: Feedback, wish: TrustWish): Promise<FeedbackReply> {
    return this.#keeper.feedback(said, wish);
  }

  publication(): TrustPublication | null {
    return this.#keeper.publication();
  }

  stats(wish: TrustWish): CacheStats {
    return this.#keeper.stats(wish);
  }

  labels(from: { after: number; limit: number }): readonly KeptPair[] {
    return this.#keeper.labels(from);
  }

  override alarm(): Promise<void> {
    return this.#keeper.wake();
  }
}

export interface TrustBindings {
  KV: KVNamespace;
  CACHE_TRUST: Pick<Cloudflare.Env['CACHE_TRUST'], 'getByName' | 'jurisdiction'>;
}

/** `here`: see {@link objectsIn}. */
export function composeTrust(
  { KV, CACHE_TRUST }: TrustBindings,
  { here, ...options }: Pick<NearTrustOptions, 'kind' | 'vault' | 'clock'> & { here: Jurisdiction | null },
): IsolateTrust {
  return createNearTrust({
    ...options,
    general: GENERAL_HEAD,
    store: createTrustStore(KV),
    sleep: (ms) => scheduler.wait(ms),
    keeperOf: (jurisdiction, domain) => {
      if (jurisdiction === null) {
        return CACHE_TRUST.getByName(domain);
      }
      return objectsIn(CACHE_TRUST, jurisdiction, here).getByName(`${jurisdiction}${BOUND}${domain}`);
    },
  });
}
