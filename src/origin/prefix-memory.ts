/**
 * Which beginnings of prompts this isolate sent to which origin, bounded: the blocks used longest ago are forgotten first, as the origin
 * itself forgets them. Does no I/O; changed in place, since a copy of thousands of blocks a request would cost more than it tells.
 */
import type { PrefixMemory } from '../contract/routing.ts';

export interface PrefixMemoryOptions {
  /** Of each origin; about what its own cache holds. A block takes about 50 bytes here. */
  maxBlocks?: number;
}

export function createPrefixMemory({ maxBlocks = 4_096 }: PrefixMemoryOptions = {}): PrefixMemory {
  const origins = new Map<string, Set<number>>();
  return {
    warmTokens(origin, blocks) {
      const known = origins.get(origin);
      let tokens = 0;
      for (const block of blocks) {
        if (known?.has(block.hash) !== true) {
          break;
        }
        tokens += block.tokens;
      }
      return tokens;
    },
    sent(origin, blocks) {
      const known = origins.get(origin) ?? new Set();
      origins.set(origin, known);
      // From the end: a beginning without its continuation is of use, the other way round not.
      for (const { hash } of blocks.toReversed()) {
        known.delete(hash);
        known.add(hash);
      }
      for (const hash of known) {
        if (known.size <= maxBlocks) {
          break;
        }
        known.delete(hash);
      }
    },
    forget: (origin) => void origins.delete(origin),
  };
}
