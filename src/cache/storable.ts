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

/** How an answer may have ended: by its own end or at a limit that is part of the request. `eos` and such are vLLM's and others'. */
const PROPER_ENDS = new Set<Json>(['stop', 'length', 'eos', 'eos_token', 'stop_sequence', 'end_turn']);
const TOOL_ENDS = new Set<Json>(['tool_calls', 'function_call', 'tool_use']);

function whyNotChoice(choice: JsonObject, cachesToolTurns: boolean): string | null {
  const message = isJsonObject(choice['message']) ? choice['message'] : {};
  const finish = choice['finish_reason'] ?? null;
  if (isPresent(message['refusal'])) {
    return 'refused';
  }
  const isToolCall = TOOL_ENDS.has(finish) || isPresent(message['tool_calls']) || isPresent(message['function_call']);
  if (isToolCall) {
    return cachesToolTurns ? null : 'a tool call';
  }
  if (PROPER_ENDS.has(finish)) {
    return null;
  }
  return finish === null ? 'not finished' : finish === 'content_filter' ? 'filtered' : 'ended improperly';
}

function isPresent(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}
