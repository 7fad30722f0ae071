/** An embedding model: text to tokens, through the stages to the last hidden state, and from that to one vector. */
import type { EmbedFault } from '../contract/ports.ts';
import { succeed, type Result } from '../contract/problem.ts';
import type { EmbeddingInput } from '../contract/request.ts';
import type { EmbeddingManifest } from '../local/manifest.ts';
import { meanPool, normalise } from '../local/pool.ts';
import { runToEnd } from '../local/run-stages.ts';
import type { Cut } from '../local/tokenise.ts';
import type { StoredVector } from './kv-embeddings.ts';
import type { ModelParts } from './model-parts.ts';
import type { Background } from './model-pool.ts';

export interface EmbeddingRuntime {
  /**
   * Blocks the isolate's thread while a stage runs; other requests get their turn between inputs. Throws where the
   * model cannot be loaded.
   */
  embed(input: EmbeddingInput, options: Cut, background: Background): Promise<Result<StoredVector, EmbedFault>>;
  isLoaded(): boolean;
}

export interface EmbeddingModelOptions {
  /** Told of each run, by this clock: 0 ms where it stands still meanwhile. */
  noteRun?: (tokens: number, ms: number) => void;
  now?: () => number;
}

export function createEmbeddingModel(
  manifest: EmbeddingManifest,
  parts: ModelParts,
  { noteRun = () => undefined, now = () => performance.now() }: EmbeddingModelOptions = {},
): EmbeddingRuntime {
  const text = parts.text(manifest);
  const stages = parts.stages(manifest);
  return {
    embed: (input, options, background) =>
      text.use(background, async (words) => {
        const tokens = words.encode(input, options, manifest.input);
        if (!tokens.ok) {
          return tokens;
        }
        const { ids } = tokens.value;
        const last = await stages.use(background, (sessions) =>
          parts.takeTurn(async () => {
            const since = now();
            const hidden = await runToEnd(sessions, words.gather(ids));
            noteRun(ids.length, now() - since);
            return hidden;
          }),
        );
        return succeed({ vector: normalise(meanPool(last)), tokens: ids.length });
      }),
    isLoaded: () => text.loaded !== null && stages.loaded !== null,
  };
}
