/** Reads the `usage` object of OpenAI's completions and chunks. Pure. */
import { isJsonObject, type Json } from '../contract/json.ts';
import type { Usage } from '../contract/usage.ts';

/** Null where the counts are missing or make no sense: then the meter estimates. */
export function readUsage(usage: Json | undefined): Usage | null {
  if (!isJsonObject(usage)) {
    return null;
  }
  const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = usage;
  return isCount(promptTokens) && isCount(completionTokens)
    ? { promptTokens, completionTokens, source: 'origin', reported: usage }
    : null;
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
