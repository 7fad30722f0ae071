/** The first state of a model that compares two texts. A pair is never cut: what was left out might be the difference. */
import type { ClassifyFault } from '../contract/ports.ts';
import { fail, type Result } from '../contract/problem.ts';
import type { PairManifest } from '../local/manifest.ts';
import { joinPair } from '../local/join-pair.ts';
import type { FirstState, ModelInput, StagedInput } from './model-input.ts';
import type { ModelParts } from './model-parts.ts';
import type { TextInput } from './text-input.ts';

const WHOLE = { truncateTo: null, counts: false };

export function createPairInput({ input: limits, ...manifest }: PairManifest, parts: ModelParts): ModelInput {
  const text = parts.text({ input: limits, ...manifest });
  const second = parts.second({ input: limits, ...manifest });
  return {
    use: (input, _options, background, work) =>
      text.use(background, (words) =>
        second.use(background, async (mark) => {
          const first = read(input, words, mark);
          return first.ok ? work(first.value) : first;
        }),
      ),
  };

  function read(input: StagedInput, words: TextInput, mark: Float32Array): Result<FirstState, ClassifyFault> {
    if (input.kind !== 'pair') {
      throw new Error(`model ${manifest.name}: expected a pair, received ${input.kind}`);
    }
    const first = words.encode({ kind: 'text', text: input.first }, WHOLE, limits);
    const next = words.encode({ kind: 'text', text: input.second }, WHOLE, limits);
    if (!first.ok || !next.ok) {
      return fail({ kind: 'too-long', tokens: null, maxTokens: limits.maxTokens });
    }
    const joined = joinPair(first.value.ids, next.value.ids, limits);
    if (!joined.ok) {
      return joined;
    }
    const { ids, from } = joined.value;
    return { ok: true, value: { state: words.gatherPair(ids, from, mark), tokens: ids.length, wasTruncated: false } };
  }
}
