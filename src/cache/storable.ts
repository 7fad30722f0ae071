/**
 * Decides whether an answer may be stored. Errors and cut streams never come here; what is left is looked at:
 * refused, filtered and tool-calling answers are not stored, nor those with no choice at all. Pure.
 */
import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';

/** Null where the answer may be stored, else the reason. `completion` is a whole `chat.completion` or `text_completion`. */
export function whyNotStorable(completion: JsonObject, { cachesToolTurns = false } = {}): string | null {
  const choices = completion['choices'];
  if (!Array.isArray(choices) || choices.length === 0) {
    return 'no choices';
  }
  for (const choice of choices) {
    const reason = isJsonObject(choice) ? whyNotChoice(choice, cachesToolTurns) : 'a choice is no object';
    if (reason !== null) {
      return reason;
    }
  }
  return null;
}

function whyNotChoice(choice: JsonObject, cachesToolTurns: boolean): string | null {
  const message = isJsonObject(choice['message']) ? choice['message'] : {};
  const finish = choice['finish_reason'] ?? null;
  if (finish === null) {
    return 'not finished';
  }
  if (finish === 'content_filter') {
    return 'filtered';
  }
  if (isPresent(message['refusal'])) {
    return 'refused';
  }
  const isToolCall = finish === 'tool_calls' || finish === 'function_call' || isPresent(message['tool_calls']);
  return isToolCall && !cachesToolTurns ? 'a tool call' : null;
}

function isPresent(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}
