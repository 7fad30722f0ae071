/**
 * A model of vLLM's automatic prefix caching: prompts are cut into blocks of 16 tokens, a block is known by the hash of
 * everything up to its end, and the blocks used longest ago leave first. Only prompts enter it, not generated text.
 */
import { findTokenEnd } from './tokens.ts';

const BLOCK_TOKENS = 16;

export interface PrefixCache {
  /** Counts the prompt's tokens and those that were cached, and remembers its whole blocks. */
  take(model: string, prompt: string): { promptTokens: number; cachedTokens: number };
  clear(): void;
}

export function createPrefixCache(capacityTokens: number): PrefixCache {
  const capacityBlocks = Math.floor(capacityTokens / BLOCK_TOKENS);
  const blocks = new Set<number>();
  return {
    take(model, prompt) {
      const { promptTokens, hashes } = hashBlocks(`${model}\n`, prompt);
      let hits = 0;
      // vLLM computes at least the last token anew: without it there is nothing to sample from.
      while (hits < hashes.length && blocks.has(hashes[hits] ?? 0) && (hits + 1) * BLOCK_TOKENS < promptTokens) {
        hits++;
      }
      // From the last to the first, so that a chain loses its tail before its head.
      for (const hash of hashes.toReversed()) {
        blocks.delete(hash);
        blocks.add(hash);
      }
      for (const oldest of blocks) {
        if (blocks.size <= capacityBlocks) {
          break;
        }
        blocks.delete(oldest);
      }
      return { promptTokens, cachedTokens: hits * BLOCK_TOKENS };
    },
    clear: () => blocks.clear(),
  };
}

/** One hash runs along the text (bryc's cyrb53, two 32-bit lanes); its value at a block's end names the prefix. */
function hashBlocks(salt: string, text: string): { promptTokens: number; hashes: number[] } {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  const mix = (part: string, start: number, end: number): void => {
    for (let at = start; at < end; at++) {
      const code = part.charCodeAt(at);
      high = Math.imul(high ^ code, 2_654_435_761);
      low = Math.imul(low ^ code, 1_597_334_677);
    }
  };
  mix(salt, 0, salt.length);
  const hashes: number[] = [];
  let promptTokens = 0;
  for (let at = 0; at < text.length;) {
    const end = findTokenEnd(text, at);
    mix(text, at, end);
    at = end;
    promptTokens++;
    if (promptTokens % BLOCK_TOKENS === 0) {
      hashes.push((high >>> 11) * 4_294_967_296 + (low >>> 0));
    }
  }
  return { promptTokens, hashes };
}
