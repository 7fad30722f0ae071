/**
 * Vectors in KV, shared by all PoPs, so that a cold isolate need not load the model for a text that was seen before.
 * Keys: `v:{model}:{version}:{digest of tenant and input}`. Values, sealed for the tenant since a text can be guessed from its
 * vector: the number of tokens and the vector, as little-endian uint32 and float32.
 * Never fails an embedding: what cannot be read, or reads strangely, is absent; what cannot be written is lost.
 */
import type { EmbeddingInput } from '../contract/request.ts';
import { withDeadline } from './deadline.ts';
import { writeInTime } from './store-fault.ts';
import type { Vault } from './vault.ts';

const TTL_SECONDS = 30 * 24 * 3600;
const READ_TIMEOUT_MS = 1_000;

export interface StoredVector {
  /** Unit length. */
  vector: Float32Array;
  tokens: number;
}

export interface KvEmbeddings {
  /** `digest`: see {@link digestOf}. */
  get(tenant: string, digest: string): Promise<StoredVector | null>;
  put(tenant: string, digest: string, stored: StoredVector): Promise<void>;
}

export type VectorKv = Pick<KVNamespace, 'get' | 'put'>;

/** `dimensions`: the model's; a vector of another size is no vector of ours. */
export function createKvEmbeddings(
  kv: VectorKv,
  vault: Vault,
  { name, version, dimensions }: { name: string; version: string; dimensions: number },
): KvEmbeddings {
  const keyOf = async (tenant: string, digest: string): Promise<string> =>
    `v:${name}:${version}:${await vault.digest(`${tenant}:${digest}`)}`;
  return {
    async get(tenant, digest) {
      try {
        const key = await keyOf(tenant, digest);
        const found = vault.isOpen ? await withDeadline(kv.get(key, 'arrayBuffer'), READ_TIMEOUT_MS, null) : null;
        const plain = found === null ? null : await vault.open(`tenant/${tenant}`, key, new Uint8Array(found));
        return plain === null ? null : toStored(plain, dimensions);
      } catch {
        return null;
      }
    },

    async put(tenant, digest, stored) {
      try {
        const key = await keyOf(tenant, digest);
        const sealed = await vault.seal(`tenant/${tenant}`, key, toBytes(stored));
        if (sealed !== null) {
          await writeInTime(kv.put(key, sealed, { expirationTtl: TTL_SECONDS }));
        }
      } catch {
        // The next isolate computes it again.
      }
    },
  };
}

/**
 * SHA-256 (base64url) of an input and of how far it may be cut: what may give another vector gives another digest.
 * `truncateTo`: tokens, or null where the whole input is asked for.
 */
export async function digestOf(input: EmbeddingInput, truncateTo: number | null): Promise<string> {
  const domain = `${input.kind}:${truncateTo ?? 'whole'}:`;
  const body = input.kind === 'text' ? input.text : input.ids.join(',');
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(domain + body));
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

function toBytes({ vector, tokens }: StoredVector): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(4 + vector.length * 4));
  bytes.setUint32(0, tokens, true);
  vector.forEach((value, at) => bytes.setFloat32(4 + at * 4, value, true));
  return new Uint8Array(bytes.buffer);
}

function toStored(value: Uint8Array, dimensions: number): StoredVector | null {
  if (value.length !== 4 + dimensions * 4) {
    return null;
  }
  const bytes = new DataView(value.buffer, value.byteOffset, value.length);
  const tokens = bytes.getUint32(0, true);
  const vector = Float32Array.from({ length: dimensions }, (_, at) => bytes.getFloat32(4 + at * 4, true));
  const square = vector.reduce((sum, component) => sum + component * component, 0);
  return tokens >= 2 && Math.abs(square - 1) < 1e-3 ? { vector, tokens } : null;
}
