/**
 * The local model against recorded data of an independent implementation: 500 texts with the ids of Hugging Face's
 * Rust tokenizer, most with the vector of the unquantised model (float16).
 */
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import manifestJson from '../../models/minilm/manifest.json';
import { createEmbedder } from '../../src/bindings/embedder.ts';
import { heapBytes } from '../../src/bindings/onnx-sessions.ts';
import { parseManifest } from '../../src/local/manifest.ts';
import { tokenise } from '../../src/local/tokenise.ts';
import { createWordPieces } from '../../src/local/word-pieces.ts';
import { createTestVault } from '../support/test-vault.ts';
import { createParts } from '../support/worker/parts.ts';
import golden from '../golden/minilm.jsonl?raw';

interface Case {
  text: string;
  /** Special tokens included, not cut. */
  ids: number[];
  /** Base64 of little-endian float16, 384 values. */
  embedding?: string;
}

const cases = golden
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Case);
const manifest = parseManifest(manifestJson, 'embedding');
// The heap is the isolate's, and never shrinks: other files' models may lie in it.
const heapBefore = heapBytes() ?? 0;
const embedder = createEmbedder({
  manifest,
  parts: createParts(),
  kv: env.KV,
  vault: createTestVault(),
  memoryBytes: 0,
});
const asset = async (file: string) => (await env.ASSETS.fetch(`https://assets.invalid/models/minilm/${file}`)).text();

describe('minilm against the reference', () => {
  it('tokenise() gives the same ids for every text', async () => {
    const wordPieces = createWordPieces(await asset('tokenizer.json'), await asset('tokenizer_config.json'));
    const limits = { ...manifest.input, maxTokens: 100_000 };
    expect(cases).toHaveLength(500);
    const different = cases.flatMap(({ text, ids }) => {
      const own = tokenise({ kind: 'text', text }, { truncateTo: null }, limits, wordPieces);
      return own.ok && own.value.ids.join() === ids.join() ? [] : [{ text, expected: ids, received: own }];
    });
    expect(different).toEqual([]);
  });

  it('embed() gives nearly the same vectors', { timeout: 120_000 }, async () => {
    const port = embedder.forRequest(() => {});
    const cosines: number[] = [];
    for (const { text, embedding } of cases) {
      if (embedding === undefined) {
        continue;
      }
      const own = await port.embed(
        { kind: 'text', text },
        { tenant: { id: 'golden' }, truncateTo: -1, mayPersist: false },
      );
      cosines.push(own.ok ? cosine(own.value.vector, fromFloat16(embedding)) : -1);
    }
    expect(cosines.length).toBeGreaterThanOrEqual(200);
    expect(average(cosines)).toBeGreaterThanOrEqual(0.99);
    expect(Math.min(...cosines)).toBeGreaterThanOrEqual(0.95);
  });

  it('takes less than 64 MB with the longest input', async () => {
    const options = { tenant: { id: 'golden' }, truncateTo: -1, mayPersist: false };
    await embedder.forRequest(() => {}).embed({ kind: 'text', text: 'a long text '.repeat(500) }, options);
    const { totalBytes } = embedder.status();
    expect((totalBytes ?? Infinity) - heapBefore).toBeLessThan(64_000_000);
  });
});

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function fromFloat16(base64: string): number[] {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length / 2 }, (_, at) => toNumber(view.getUint16(at * 2, true)));
}

/** IEEE 754 binary16. */
function toNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function cosine(a: Float32Array, b: readonly number[]): number {
  const dot = a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
  return dot / Math.hypot(...a) / Math.hypot(...b);
}
