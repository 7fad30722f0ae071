/**
 * What of a request the tier router can judge: its user's questions in plain text. The router has learnt from plain questions, so it is
 * not asked about what has more to it than those: images, tools, a format for the answer, texts of a length that it never saw. Pure.
 */
import { isJsonObject, type Json, type JsonObject } from '../../contract/json.ts';
import { fail, succeed, type Result } from '../../contract/problem.ts';
import type { GenerationRequest } from '../../contract/request.ts';
import { MAX_UNITS } from './signs.ts';

/** Of a conversation, from its end: "And why?" is as hard as what it follows. */
const MAX_QUESTIONS = 4;

/** The last question first; at least one, none empty or longer than what is read of it. Else the reason why it cannot be judged. */
export function readQuestions({
  kind,
  body,
}: Pick<GenerationRequest, 'kind' | 'body'>): Result<readonly string[], string> {
  const questions = kind === 'chat' ? readChat(body) : readPrompt(body);
  if (!questions.ok) {
    return questions;
  }
  const [last = ''] = questions.value;
  const isTooLong = questions.value.some(({ length }) => length > MAX_UNITS);
  return last.trim() === '' ? fail('it has no text') : isTooLong ? fail('its text is long') : questions;
}

function readPrompt({ prompt }: JsonObject): Result<readonly string[], string> {
  return typeof prompt === 'string' ? succeed([prompt]) : fail('its prompt is not one text');
}

function readChat(body: JsonObject): Result<readonly string[], string> {
  const messages = (Array.isArray(body['messages']) ? body['messages'] : []).filter(isJsonObject);
  if (messages.at(-1)?.['role'] !== 'user') {
    return fail('no user wrote its last message');
  }
  if (hasItems(body['tools']) || hasItems(body['functions']) || messages.some(isOfTools)) {
    return fail('it has tools');
  }
  const format = body['response_format'];
  if (isJsonObject(format) && format['type'] !== 'text') {
    return fail('its answer has a format');
  }
  if (!messages.every(({ content = null }) => isPlain(content))) {
    return fail('it holds more than text');
  }
  const asked = messages.filter(({ role }) => role === 'user').slice(-MAX_QUESTIONS);
  return succeed(asked.map(({ content = null }) => toText(content)).toReversed());
}

function hasItems(value: Json | undefined): boolean {
  return Array.isArray(value) && value.length > 0;
}

function isOfTools({ role, tool_calls: calls, function_call: call = null }: JsonObject): boolean {
  return role === 'tool' || role === 'function' || hasItems(calls) || call !== null;
}

function isPlain(content: Json): boolean {
  return !Array.isArray(content) || content.every((part) => textOf(part) !== null);
}

function toText(content: Json): string {
  return Array.isArray(content) ? content.map(textOf).join('\n') : typeof content === 'string' ? content : '';
}

/** Null for a part that is no text. */
function textOf(part: Json): string | null {
  const text = isJsonObject(part) && part['type'] === 'text' ? part['text'] : null;
  return typeof text === 'string' ? text : null;
}
