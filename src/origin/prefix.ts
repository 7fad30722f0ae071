/**
 * The beginning of a prompt as hashes: what an origin that has read the same beginning need not read again. Pure.
 *
 * Messages are cut into blocks, and each block's hash is chained to those before it, as vLLM names the blocks of its prefix cache: equal
 * hashes mean equal beginnings. The chain starts with the tenant, so that no tenant's requests tell of another's.
 */
import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import type { PrefixBlock } from '../contract/routing.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { hashText } from './hash-text.ts';

export interface Prefix {
  blocks: readonly PrefixBlock[];
  /** The same for all turns of a conversation: its beginning up to the first thing that the user said. Null without messages. */
  conversation: string | null;
}

/** About 512 tokens, in UTF-16 units. */
const BLOCK_LENGTH = 2_048;

/** Longer prompts are followed to here: 131,072 tokens. */
const MAX_BLOCKS = 256;

export function toPrefix({ messages, prompt, tools }: JsonObject, tenant: string): Prefix {
  const spoken = Array.isArray(messages) ? messages : typeof prompt === 'string' ? [prompt] : [];
  const head = tools === undefined ? [] : cut(JSON.stringify(tools));
  const blocks: PrefixBlock[] = [];
  let hash = hashText(tenant);
  let conversation: string | null = null;
  const add = (pieces: readonly string[]): void => {
    for (const piece of pieces.slice(0, MAX_BLOCKS - blocks.length)) {
      hash = hashText(piece, hash);
      blocks.push({ hash, tokens: estimateTokens(piece) });
    }
  };
  add(head);
  for (const message of spoken) {
    if (blocks.length === MAX_BLOCKS && conversation !== null) {
      break;
    }
    add(cut(JSON.stringify(message)));
    if (conversation === null && isSaidByUser(message)) {
      conversation = hash.toString(36);
    }
  }
  return { blocks, conversation };
}

function isSaidByUser(message: Json): boolean {
  return isJsonObject(message) && message['role'] === 'user';
}

function cut(text: string): string[] {
  return Array.from({ length: Math.ceil(text.length / BLOCK_LENGTH) }, (_, place) =>
    text.slice(place * BLOCK_LENGTH, (place + 1) * BLOCK_LENGTH),
  );
}
