/**
 * What a request asks: the whole prompt as one text, which is counted and cached, and the question in it, which the
 * answer repeats. A message is rendered as `role: content`, an image or a sound as a short mark with its hash. Pure.
 */
import type { Parsed } from './generation-request.ts';
import type { Json, JsonObject } from './json.ts';
import { isJsonObject } from './json.ts';
import { badRequest, missingParameter, wrongType } from './problem.ts';
import { hashText } from './random.ts';

export interface Prompt {
  text: string;
  question: string;
}

/** The question is the last user message's text. */
export function toChatPrompt(body: JsonObject): Parsed<Prompt[]> {
  const { messages, tools } = body;
  if (messages == null) {
    return { ok: false, problem: missingParameter('messages') };
  }
  if (!Array.isArray(messages) || messages.length === 0) {
    return { ok: false, problem: wrongType('messages', 'an array of at least one message') };
  }
  let text = Array.isArray(tools) && tools.length > 0 ? `tools: ${JSON.stringify(tools)}\n` : '';
  let question = '';
  for (const [at, message] of messages.entries()) {
    if (!isJsonObject(message) || typeof message['role'] !== 'string') {
      return { ok: false, problem: wrongType(`messages[${at}]`, 'an object with a role') };
    }
    const content = renderContent(message['content']);
    if (content === null) {
      return { ok: false, problem: wrongType(`messages[${at}].content`, 'a string, an array of parts or null') };
    }
    if (message['role'] === 'user') {
      question = content;
    }
    const calls = message['tool_calls'] == null ? '' : JSON.stringify(message['tool_calls']);
    text += `${message['role']}: ${content}${calls}\n`;
  }
  return { ok: true, value: [{ text, question }] };
}

/** A prompt of token ids counts one token for each id. */
export function toCompletionPrompts(body: JsonObject): Parsed<Prompt[]> {
  const texts = toTexts(body['prompt'], 'prompt');
  return texts.ok ? { ok: true, value: texts.value.map((text) => ({ text, question: text })) } : texts;
}

/** Of a string, token ids, or an array of either, as OpenAI takes them in `prompt` and `input`. */
export function toTexts(value: Json | undefined, param: string): Parsed<string[]> {
  if (value == null) {
    return { ok: false, problem: missingParameter(param) };
  }
  const entries = Array.isArray(value) && typeof value[0] !== 'number' ? value : [value];
  const texts = entries.map((entry) => {
    if (typeof entry === 'string') {
      return entry;
    }
    return Array.isArray(entry) && entry.every((id) => typeof id === 'number') ? entry.join(' ') : null;
  });
  if (texts.length === 0) {
    return { ok: false, problem: badRequest(`'${param}' is empty.`, param, 'invalid_value') };
  }
  return texts.every((text) => text !== null)
    ? { ok: true, value: texts }
    : { ok: false, problem: wrongType(param, 'a string, token ids, or an array of either') };
}

function renderContent(content: Json | undefined): string | null {
  if (typeof content === 'string') {
    return content;
  }
  if (content == null) {
    return '';
  }
  return Array.isArray(content) ? content.map(renderPart).join('') : null;
}

function renderPart(part: Json): string {
  if (!isJsonObject(part)) {
    return '';
  }
  if (typeof part['text'] === 'string') {
    return part['text'];
  }
  const type = typeof part['type'] === 'string' ? part['type'] : 'part';
  return ` [${type} ${hashText(JSON.stringify(part), 0)}]`;
}
