/** What every Embedder must do. Runs on the fake and, in workerd, on the real one. */
import { describe, expect, it } from 'vitest';
import type { Embedder, Embedding, EmbedFault, EmbedOptions } from '../../src/contract/ports.ts';
import type { Result } from '../../src/contract/problem.ts';
import type { EmbeddingInput } from '../../src/contract/request.ts';

/** `create` gives an embedder whose caches may be warm: each test uses a tenant of its own. */
export function describeEmbedder(name: string, create: () => Embedder): void {
  let tenants = 0;
  const options = (more: Partial<EmbedOptions> = {}): EmbedOptions => ({
    tenant: { id: `contract-${name}-${tenants++}` },
    truncateTo: null,
    mayPersist: true,
    ...more,
  });
  const manyWords = text('word '.repeat(1_000));

  describe(`${name}: embed()`, () => {
    it('gives a vector of unit length, with the model’s dimensions', async () => {
      const embedder = create();
      const { vector } = valueOf(await embedder.embed(text('How do I reset my password?'), options()));
      expect(vector).toHaveLength(embedder.model.dimensions);
      expect(cosine(vector, vector)).toBeCloseTo(1, 4);
    });

    it('gives the same input the same vector, from the cache the second time', async () => {
      const embedder = create();
      const once = options();
      const first = valueOf(await embedder.embed(text('the same'), once));
      const second = valueOf(await embedder.embed(text('the same'), once));
      expect(second.vector).toEqual(first.vector);
      expect([first.wasCached, second.wasCached]).toEqual([false, true]);
    });

    it('shares nothing between tenants', async () => {
      const embedder = create();
      await embedder.embed(text('a secret'), options());
      expect(valueOf(await embedder.embed(text('a secret'), options())).wasCached).toBe(false);
    });

    it('gives identical inputs at the same time the same vector', async () => {
      const embedder = create();
      const once = options();
      const all = await Promise.all([1, 2, 3].map(() => embedder.embed(text('at once'), once)));
      const [first, ...others] = all.map((result) => valueOf(result).vector);
      for (const vector of others) {
        expect(vector).toEqual(first);
      }
    });

    it('puts similar texts nearer than others', async () => {
      const embedder = create();
      const vectorOf = async (words: string) => valueOf(await embedder.embed(text(words), options())).vector;
      const question = await vectorOf('how do I reset my password');
      const similar = await vectorOf('how can I reset my password');
      const other = await vectorOf('best pasta recipes with tomatoes');
      expect(cosine(question, similar)).toBeGreaterThan(cosine(question, other));
    });

    it('refuses an input over the limit where it may not be cut', async () => {
      const embedder = create();
      const { maxTokens } = embedder.model;
      expect(faultOf(await embedder.embed(manyWords, options()))).toEqual({
        kind: 'too-long',
        tokens: 1_002,
        maxTokens,
      });
    });

    it('does not say how long an input over the limit is, where nobody wants to know', async () => {
      const embedder = create();
      const { maxTokens } = embedder.model;
      const manyIds: EmbeddingInput = { kind: 'tokens', ids: Array.from({ length: 300 }, () => 7592) };
      for (const input of [manyWords, manyIds]) {
        expect(faultOf(await embedder.embed(input, options({ counts: false })))).toEqual({
          kind: 'too-long',
          tokens: null,
          maxTokens,
        });
      }
    });

    it('is busy where no backlog at all is allowed', async () => {
      expect(faultOf(await create().embed(text('a question'), options({ maxBacklog: 0 })))).toEqual({ kind: 'busy' });
    });

    it.each([
      { truncateTo: -1, tokens: 256 },
      { truncateTo: 8, tokens: 8 },
      { truncateTo: 100_000, tokens: 256 },
    ])('cuts an input to $tokens tokens where truncateTo is $truncateTo', async ({ truncateTo, tokens }) => {
      expect(valueOf(await create().embed(manyWords, options({ truncateTo }))).tokens).toBe(tokens);
    });

    it('takes token ids, and adds the special ones', async () => {
      const result = await create().embed({ kind: 'tokens', ids: [7592, 2088] }, options());
      expect(valueOf(result).tokens).toBe(4);
    });

    it('refuses a token id outside the vocabulary', async () => {
      const result = await create().embed({ kind: 'tokens', ids: [7592, 30_522] }, options());
      expect(faultOf(result)).toEqual({ kind: 'bad-token', id: 30_522, vocabulary: 30_522 });
    });

    it('leaves no backlog behind', async () => {
      const embedder = create();
      await Promise.all(['a', 'b', 'c'].map((word) => embedder.embed(text(word), options())));
      expect(embedder.backlog()).toBe(0);
    });
  });
}

function text(words: string): EmbeddingInput {
  return { kind: 'text', text: words };
}

function valueOf(result: Result<Embedding, EmbedFault>): Embedding {
  if (!result.ok) {
    throw new Error(`embedding: expected one, received ${JSON.stringify(result.problem)}`);
  }
  return result.value;
}

function faultOf(result: Result<Embedding, EmbedFault>): EmbedFault {
  if (result.ok) {
    throw new Error('embedding: expected a fault, received a vector');
  }
  return result.problem;
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}
