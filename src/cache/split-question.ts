/**
 * Parts a request into its question, the last user text, and the frame: everything else that shapes the answer.
 * Two requests with one frame may answer each other; the question decides whether they do. Pure.
 */
import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';
import type { GenerationRequest } from '../contract/request.ts';

/**
 * Fields that never shape the answer: how it is delivered, who is billed, what it is labelled with. A new field that
 * is not in this list shapes the answer until proven otherwise.
 */
const VOLATILE_FIELDS = new Set([
  'stream',
  'stream_options',
  'user',
  'metadata',
  'store',
  'service_tier',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_retention',
  'request_id',
]);

export interface SplitRequest {
  /** The texts of the question, in order; several where a message has several text parts. */
  question: readonly string[];
  /** The request with the question's texts taken out and without volatile fields. */
  frame: JsonObject;
  /** The question may be compared by meaning: it is text, not token ids or a list of prompts. */
  isText: boolean;
  /** The last message is a tool's result, or another that no user wrote. */
  isToolTurn: boolean;
  /** There is an answer in the history: the scope belongs to one conversation. */
  isConversation: boolean;
}

export function splitQuestion(request: Pick<GenerationRequest, 'kind' | 'body'>): SplitRequest {
  const frame = Object.fromEntries(Object.entries(request.body).filter(([field]) => !VOLATILE_FIELDS.has(field)));
  return request.kind === 'chat' ? splitChat(frame) : splitCompletion(frame);
}

function splitChat(frame: JsonObject): SplitRequest {
  const messages = Array.isArray(frame['messages']) ? frame['messages'] : [];
  const last = messages.at(-1);
  const isConversation = messages.some((message) => roleOf(message) === 'assistant');
  if (!isJsonObject(last) || last['role'] !== 'user') {
    return { question: [], frame, isText: false, isToolTurn: true, isConversation };
  }
  const { texts, rest } = takeTexts(last['content'] ?? null);
  const framed = { ...frame, messages: [...messages.slice(0, -1), { ...last, content: rest }] };
  return { question: texts, frame: framed, isText: texts.join('').trim() !== '', isToolTurn: false, isConversation };
}

function splitCompletion(frame: JsonObject): SplitRequest {
  const { prompt, ...rest } = frame;
  const isString = typeof prompt === 'string';
  const question = isString ? [prompt] : [JSON.stringify(prompt ?? null)];
  const isText = isString && prompt.trim() !== '';
  return { question, frame: { ...rest, prompt: isString }, isText, isToolTurn: false, isConversation: false };
}

/** Takes the text out of a message's content. What stays (images, audio, their order among the texts) is the frame's. */
function takeTexts(content: Json): { texts: string[]; rest: Json } {
  if (typeof content === 'string') {
    return { texts: [content], rest: true };
  }
  if (!Array.isArray(content)) {
    return { texts: [], rest: content };
  }
  const texts: string[] = [];
  const rest = content.map((part) => {
    if (isJsonObject(part) && part['type'] === 'text' && typeof part['text'] === 'string') {
      texts.push(part['text']);
      return { ...part, text: true };
    }
    return part;
  });
  return { texts, rest };
}

function roleOf(message: Json): Json {
  return isJsonObject(message) ? (message['role'] ?? null) : null;
}
