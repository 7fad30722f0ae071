/**
 * Vectors in KV, shared by all PoPs, so that a cold isolate need not load the model for a text that was seen before.
 * Keys: `v:{model}:{version}:{tenant}:{digest}`. Values: float32 little-endian, with the number of tokens as metadata.
 * Never fails an embedding: what cannot be read, or reads strangely, is absent; what cannot be written is lost.
 */
import type { EmbeddingInput } from '../contract/request.ts';
import { withDeadline } from './deadline.ts';

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

export type VectorKv = Pick<KVNamespace, 'getWithMetadata' | 'put'>;

/** `dimensions`: the model's; a vector of another size is no vector of ours. */
export function createKvEmbeddings(
  kv: VectorKv,
  { name, version, dimensions }: { name: string; version: string; dimensions: number },
): KvEmbeddings {
  const keyOf = (tenant: string, digest: string) => `v:${name}:${version}:${tenant}:${digest}`;
  return {
    async get(tenant, digest) {
      try {
        const read = kv.getWithMetadata(keyOf(tenant, digest), 'arrayBuffer');
        const found = await withDeadline(read, READ_TIMEOUT_MS, null);
        if (found === null || found.value === null) {
          return null;
        }
        return toStored(found.value, found.metadata, dimensions);
      } catch {
        return null;
      }
    },

    async put(tenant, digest, { vector, tokens }) {
      try {
        await kv.put(keyOf(tenant, digest), toBytes(vector), { expirationTtl: TTL_SECONDS, metadata: { tokens } });
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

function toBytes(vector: Float32Array): ArrayBuffer {
  const bytes = new DataView(new ArrayBuffer(vector.length * 4));
  vector.forEach((value, at) => bytes.setFloat32(at * 4, value, true));
  return bytes.buffer;
}

function toStored(value: ArrayBuffer, metadata: unknown, dimensions: number): StoredVector | null {
  const tokens = typeof metadata === 'object' && metadata !== null && 'tokens' in metadata ? metadata.tokens : null;
  if (typeof tokens !== 'number' || !Number.isInteger(tokens) || tokens < 2) {
    return null;
  }
  if (value.byteLength !== dimensions * 4) {
    return null;
  }
  const bytes = new DataView(value);
  const vector = Float32Array.from({ length: dimensions }, (_, at) => bytes.getFloat32(at * 4, true));
  const square = vector.reduce((sum, component) => sum + component * component, 0);
  return Math.abs(square - 1) < 1e-3 ? { vector, tokens } : null;
}
