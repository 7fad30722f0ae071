/** Turns the body of a chat into what the platform's binding runs a model on. Pure. */
import type { JsonObject } from '../../contract/json.ts';

/**
 * The model's name goes beside them. `max_tokens` is the name that all models know: without it they stop after 256 tokens (Workers AI, text
 * generation, "Parameters").
 */
export function toInputs(chat: JsonObject): JsonObject {
  const { max_completion_tokens: bound, ...body } = chat;
  delete body['model'];
  return typeof bound === 'number' && body['max_tokens'] === undefined
    ? { ...body, max_tokens: bound }
    : bound === undefined
      ? body
      : { ...body, max_completion_tokens: bound };
}
