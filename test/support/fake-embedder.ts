/**
 * A deterministic stand-in for the local model: one token a word, vectors that are hashed bags of words. Texts that
 * share words are near one another, so that near hits can be staged. Records its calls; faults and backlog can be set.
 */
import type { Embedder, EmbeddingModel, EmbedFault, EmbedOptions } from '../../src/contract/ports.ts';
import { fail, succeed } from '../../src/contract/problem.ts';
import type { EmbeddingInput } from '../../src/contract/request.ts';

export interface FakeEmbedder extends Embedder {
  readonly calls: { input: EmbeddingInput; options: EmbedOptions }[];
  /** Where set, what every call answers. */
  fault: EmbedFault | null;
  /** What `backlog()` answers, and `maxBacklog` is held against. */
  waiting: number;
}

const VOCABULARY = 30_522;
const SPECIAL_TOKENS = 2;

export function createFakeEmbedder({
  dimensions = 384,
  maxTokens = 256,
  costs = [],
}: Partial<Pick<EmbeddingModel, 'dimensions' | 'maxTokens' | 'costs'>> = {}): FakeEmbedder {
  const seen = new Set<string>();
  const fake: FakeEmbedder = {
    model: { name: 'minilm', version: 'fake', dimensions, maxTokens, costs },
    calls: [],
    fault: null,
    waiting: 0,
    backlog: () => fake.waiting,
    // oxlint-disable-next-line require-await -- the port is asynchronous
    async embed(input, options) {
      fake.calls.push({ input, options });
      if (fake.fault !== null) {
        return fail(fake.fault);
      }
      const bad = input.kind === 'tokens' ? input.ids.find((id) => id < 0 || id >= VOCABULARY) : undefined;
      if (bad !== undefined) {
        return fail({ kind: 'bad-token', id: bad, vocabulary: VOCABULARY });
      }
      const words =
        input.kind === 'text' ? (input.text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) : input.ids.map(String);
      const length = words.length + SPECIAL_TOKENS;
      const { truncateTo, tenant } = options;
      if (truncateTo === null && length > maxTokens) {
        return fail({ kind: 'too-long', tokens: options.counts === false ? null : length, maxTokens });
      }
      const tokens = Math.min(
        length,
        truncateTo === null || truncateTo < 0 ? maxTokens : Math.max(truncateTo, SPECIAL_TOKENS),
        maxTokens,
      );
      const kept = words.slice(0, tokens - SPECIAL_TOKENS);
      const key = JSON.stringify([tenant.id, input, tokens]);
      const wasCached = seen.has(key);
      if (!wasCached && options.mayRun?.() === false) {
        return fail({ kind: 'busy' });
      }
      if (!wasCached && typeof options.maxBacklog === 'number' && fake.waiting >= options.maxBacklog) {
        return fail({ kind: 'busy' });
      }
      seen.add(key);
      return succeed({ vector: bagOfWords(kept, dimensions), tokens, wasCached });
    },
  };
  return fake;
}

/** Each word adds its own pseudo-random direction; unit length. */
function bagOfWords(words: readonly string[], dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const word of ['', ...words]) {
    let state = Array.from(word).reduce(
      (hash, letter) => Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16_777_619),
      2_166_136_261,
    );
    for (let at = 0; at < dimensions; at++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
      vector[at] = (vector[at] ?? 0) + state / 2 ** 31;
    }
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
