/** How far near hits are trusted, in KV: `t:{domain}`, one TrustPublication as JSON. One writer a key, its `CacheTrust`. */
import { requirePublication } from '../cache/trust/publication-shape.ts';
import type { TrustPublication } from '../cache/trust/state.ts';
import { readInTime } from './store-fault.ts';

export interface TrustStore {
  /** Null where nothing is published. Throws where KV does not answer, or what it holds is no publication. */
  read(domain: string): Promise<TrustPublication | null>;
  /** Throws where KV does not take it: at most one write a second. */
  write(domain: string, publication: TrustPublication): Promise<void>;
}

/** The first request of a domain waits for it. */
const READ_MS = 500;
/** Twice as long as a keeper that hears nothing keeps its state: what is published is never forgotten before it. */
const LIFE_SECONDS = 180 * 86_400;

export function createTrustStore(kv: KVNamespace): TrustStore {
  return {
    read: async (domain) => requirePublication(await readInTime(kv.get(keyOf(domain), 'json'), READ_MS)),
    write: (domain, publication) => kv.put(keyOf(domain), JSON.stringify(publication), { expirationTtl: LIFE_SECONDS }),
  };
}

function keyOf(domain: string): string {
  return `t:${domain}`;
}
