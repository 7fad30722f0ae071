/**
 * Turns the chunks of a stream into the whole answer, and a whole answer into chunks, so that one stored answer serves
 * both kinds of client. Pure.
 *
 * Chunks add up as OpenAI's SDKs add them: texts are joined, numbers and other values replace, objects merge by member,
 * and lists of members with an `index` merge by it. So fields that are not known here (`reasoning_content`) come out right too.
 */
import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import type { GenerationKind } from '../contract/request.ts';

/** Texts that name a thing and are repeated rather than continued. */
const REPLACED_TEXTS = new Set(['role', 'type', 'id', 'finish_reason', 'name']);

/** `events` are the chunks' JSON texts. Throws a SyntaxError where one is no JSON. */
export function assemble(kind: GenerationKind, events: readonly string[]): JsonObject {
  let whole: JsonObject = {};
  const choices = new Map<number, JsonObject>();
  for (const event of events) {
    const chunk = JSON.parse(event) as JsonObject;
    const { choices: parts, usage: _usage, ...head } = chunk;
    whole = { ...whole, ...head };
    for (const part of Array.isArray(parts) ? parts : []) {
      if (isJsonObject(part)) {
        const index = typeof part['index'] === 'number' ? part['index'] : 0;
        choices.set(index, mergeObjects(choices.get(index) ?? {}, part));
      }
    }
  }
  const inOrder = [...choices].toSorted(([a], [b]) => a - b).map(([, choice]) => choice);
  return {
    ...whole,
    object: kind === 'chat' ? 'chat.completion' : 'text_completion',
    choices: kind === 'chat' ? inOrder.map(toMessage) : inOrder,
  };
}

/** The chunks of a whole answer: the head, its content, and the end, as an origin would have streamed them. */
export function disassemble(kind: GenerationKind, completion: JsonObject): JsonObject[] {
  const { choices, usage: _usage, ...head } = completion;
  const chunks: JsonObject[] = [];
  for (const choice of Array.isArray(choices) ? choices.filter(isJsonObject) : []) {
    if (kind === 'completion') {
      chunks.push({ ...head, choices: [choice] });
      continue;
    }
    const { message, finish_reason: finish, ...rest } = choice;
    const { role, tool_calls: calls, ...content } = isJsonObject(message) ? message : {};
    const delta = Array.isArray(calls) ? { ...content, tool_calls: calls.map(toIndexed) } : content;
    const chunkHead = { ...head, object: 'chat.completion.chunk' };
    const index = rest['index'] ?? 0;
    chunks.push({ ...chunkHead, choices: [{ index, delta: { role: role ?? 'assistant' }, finish_reason: null }] });
    chunks.push({ ...chunkHead, choices: [{ ...rest, delta, finish_reason: null }] });
    chunks.push({ ...chunkHead, choices: [{ index, delta: {}, finish_reason: finish ?? null }] });
  }
  return chunks;
}

function toMessage(choice: JsonObject): JsonObject {
  const { delta, ...rest } = choice;
  const message = isJsonObject(delta) ? delta : {};
  const calls = message['tool_calls'];
  const whole = Array.isArray(calls) ? { ...message, tool_calls: calls.map(withoutIndex) } : message;
  return { ...rest, message: { content: null, ...whole } };
}

function toIndexed(call: Json, index: number): Json {
  return isJsonObject(call) ? { index, ...call } : call;
}

function withoutIndex(call: Json): Json {
  if (!isJsonObject(call)) {
    return call;
  }
  const { index: _index, ...rest } = call;
  return rest;
}

function mergeObjects(whole: JsonObject, part: JsonObject): JsonObject {
  const merged: JsonObject = { ...whole };
  for (const [key, value] of Object.entries(part)) {
    merged[key] = mergeValues(key, merged[key], value);
  }
  return merged;
}

function mergeValues(key: string, whole: Json | undefined, part: Json): Json {
  if (whole === undefined || whole === null) {
    return Array.isArray(part) ? mergeLists([], part) : part;
  }
  if (part === null) {
    return whole;
  }
  if (typeof whole === 'string' && typeof part === 'string') {
    return REPLACED_TEXTS.has(key) ? part || whole : whole + part;
  }
  if (Array.isArray(whole) && Array.isArray(part)) {
    return mergeLists(whole, part);
  }
  return isJsonObject(whole) && isJsonObject(part) ? mergeObjects(whole, part) : part;
}

function mergeLists(whole: readonly Json[], part: readonly Json[]): Json[] {
  const merged = [...whole];
  for (const item of part) {
    const at = isJsonObject(item) && typeof item['index'] === 'number' ? findIndexed(merged, item['index']) : -1;
    const earlier = merged[at];
    if (isJsonObject(item) && isJsonObject(earlier)) {
      merged[at] = mergeObjects(earlier, item);
    } else {
      merged.push(item);
    }
  }
  return merged;
}

function findIndexed(list: readonly Json[], index: number): number {
  return list.findIndex((item) => isJsonObject(item) && item['index'] === index);
}
