/**
 * Counts what a body lists before any element is looked at: a list that is too long is refused by its length alone.
 * Pure.
 */
import type { JsonObject } from '../contract/json.ts';
import type { Problem } from '../contract/problem.ts';
import type { Limits } from '../contract/settings.ts';
import { toTooLong } from '../journey/input-problem.ts';

/** Of a chat the messages, of a completion the prompts. */
export function checkGenerationCounts(
  { messages, prompt }: JsonObject,
  { maxMessages }: Pick<Limits, 'maxMessages'>,
): Problem | null {
  if (Array.isArray(messages) && messages.length > maxMessages) {
    return tooMany('messages', `${maxMessages} messages`, messages.length);
  }
  // A list of numbers is one prompt of token ids.
  return Array.isArray(prompt) && typeof prompt[0] !== 'number' && prompt.length > maxMessages
    ? tooMany('prompt', `${maxMessages} prompts`, prompt.length)
    : null;
}

/** Inputs, and token ids of each. `maxTokens` is the model's; longer inputs are taken where truncation is asked for. */
export function checkEmbeddingCounts(
  { input, truncate_prompt_tokens: truncateTo }: JsonObject,
  { maxEmbeddingInputs, maxTokens }: Pick<Limits, 'maxEmbeddingInputs'> & { maxTokens: number },
): Problem | null {
  if (!Array.isArray(input)) {
    return null;
  }
  const isTokens = typeof input[0] === 'number';
  if (!isTokens && input.length > maxEmbeddingInputs) {
    return tooMany('input', `${maxEmbeddingInputs} inputs`, input.length);
  }
  if (typeof truncateTo === 'number') {
    return null;
  }
  const lists = isTokens ? [input] : input;
  const place = lists.findIndex((ids) => Array.isArray(ids) && ids.length > maxTokens);
  const tooLong = lists[place];
  return Array.isArray(tooLong) ? toTooLong(`input[${place}]`, { tokens: tooLong.length, maxTokens }) : null;
}

function tooMany(param: string, most: string, received: number): Problem {
  return { kind: 'too-large', message: `${param}: expected at most ${most}, received ${received}.`, param };
}
