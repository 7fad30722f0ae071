/**
 * The Tokenizer port: the embedding model's own tokenizer, in the pool with its word table, loaded when either is first used. Compose
 * creates one for each isolate, outside any request, and takes a port from it for each request.
 */
import { fail, succeed, type Result } from '../contract/problem.ts';
import type { Tokenizer, TokenizerFault } from '../contract/tokenizer.ts';
import type { EmbeddingManifest } from '../local/manifest.ts';
import { withDeadline } from './deadline.ts';
import type { ModelParts } from './model-parts.ts';
import type { Background } from './model-pool.ts';

export interface LocalTokenizer {
  /** `background` keeps the request alive for work, as ExecutionContext.waitUntil does. */
  forRequest(background: Background): Tokenizer;
}

export interface TokenizerOptions {
  manifest: EmbeddingManifest;
  parts: Pick<ModelParts, 'text'>;
  /** The longest that a request waits for the load, which goes on behind it. */
  timeoutMs?: number;
  /** After a load that was late no request waits for so long, unless it is there. */
  pauseMs?: number;
  now?: () => number;
}

/** Without special tokens nothing of a text is left out that the model would read. */
const FIRST_WORDS = { truncateTo: -1, counts: false };

export function createTokenizer({
  manifest,
  parts,
  timeoutMs = 1000,
  pauseMs = 10_000,
  now = () => Date.now(),
}: TokenizerOptions): LocalTokenizer {
  const part = parts.text(manifest);
  let pausedUntil = 0;

  return {
    forRequest: (background) => ({
      vocabulary: `${manifest.name} ${manifest.version}`,
      async encode(text) {
        if (part.loaded === null && now() < pausedUntil) {
          return unavailable('was not loaded in time a moment ago');
        }
        const reading = read(text, background);
        background(reading);
        const ids = await withDeadline(reading, timeoutMs, null);
        if (ids === null) {
          pausedUntil = now() + pauseMs;
          return unavailable(`not loaded within ${timeoutMs} ms`);
        }
        return ids;
      },
    }),
  };

  async function read(text: string, background: Background): Promise<Result<readonly number[], TokenizerFault>> {
    try {
      return await part.use(background, (words) => {
        const tokens = words.encode({ kind: 'text', text }, FIRST_WORDS, manifest.input);
        return Promise.resolve(tokens.ok ? succeed(tokens.value.ids.slice(1, -1)) : unavailable(tokens.problem.kind));
      });
    } catch (error) {
      return unavailable(error instanceof Error ? error.message : String(error));
    }
  }
}

function unavailable(detail: string): { ok: false; problem: TokenizerFault } {
  return fail({ kind: 'unavailable', detail });
}
