/** What an answer says, whatever its form. Pure. */
import type { StoredContent } from '../contract/answer.ts';
import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import type { GenerationKind } from '../contract/request.ts';
import { assemble } from './assemble.ts';

/** The whole `chat.completion` or `text_completion`; null where a part of it is no JSON. */
export function toCompletion(kind: GenerationKind, content: StoredContent): JsonObject | null {
  try {
    return content.format === 'json' ? (JSON.parse(content.body) as JsonObject) : assemble(kind, content.events);
  } catch {
    return null;
  }
}

/** The texts of its choices; null where there is none, as of an answer that calls a tool. */
export function answerText(kind: GenerationKind, content: StoredContent): string | null {
  const choices = toCompletion(kind, content)?.['choices'];
  const texts = (Array.isArray(choices) ? choices : []).map(choiceText);
  return texts.length > 0 && texts.every((text) => text !== null) ? texts.join('\n') : null;
}

function choiceText(choice: Json): string | null {
  if (!isJsonObject(choice)) {
    return null;
  }
  const { message, text } = choice;
  const said = isJsonObject(message) ? message['content'] : text;
  return typeof said === 'string' ? said : null;
}
