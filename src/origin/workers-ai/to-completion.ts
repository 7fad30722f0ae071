/**
 * What Workers AI answers, in OpenAI's shape. Newer models answer in it already; others with `response`, `tool_calls` and `usage`
 * (developers.cloudflare.com/workers-ai, text generation and function calling). Pure.
 */
import { isJsonObject, type Json, type JsonObject } from '../../contract/json.ts';
import { parseObject } from '../parse-object.ts';

/** What all parts of an answer share. */
export interface Envelope {
  id: string;
  model: string;
  /** Seconds since the epoch. */
  created: number;
}

/** Text that is neither shape is left as it is: who reads it will say so. */
export function toCompletion(text: string, { id, model, created }: Envelope): string {
  const json = parseObject(text);
  const message = json === null || Array.isArray(json['choices']) ? null : toMessage(json);
  if (json === null || message === null) {
    return text;
  }
  const choice = { index: 0, message: { role: 'assistant', ...message }, finish_reason: toFinish(message) };
  const usage = isJsonObject(json['usage']) ? { usage: json['usage'] } : {};
  return JSON.stringify({ id, object: 'chat.completion', created, model, choices: [choice], ...usage });
}

/** Of an error: the binding's own `errors: [{ code, message }]` as one `error`. */
export function toErrorText(text: string): string {
  const errors = parseObject(text)?.['errors'];
  const [first] = Array.isArray(errors) ? errors : [];
  return isJsonObject(first) && typeof first['message'] === 'string'
    ? JSON.stringify({
        error: { message: first['message'], type: 'invalid_request_error', code: first['code'] ?? null },
      })
    : text;
}

export interface Message {
  content: string | null;
  tool_calls?: JsonObject[];
}

/** Of a whole answer, or of a part of one; null where it is neither text nor a call. JSON mode gives an object for the text. */
export function toMessage({ response, tool_calls: calls }: JsonObject): Message | null {
  const tools = Array.isArray(calls) ? calls.filter(isJsonObject).map(toToolCall) : [];
  if (response === undefined && tools.length === 0) {
    return null;
  }
  const content = typeof response === 'string' || response === undefined ? (response ?? null) : toText(response);
  return tools.length === 0 ? { content } : { content: content === '' ? null : content, tool_calls: tools };
}

export function toFinish({ tool_calls: calls }: Pick<Message, 'tool_calls'>): 'stop' | 'tool_calls' {
  return calls === undefined ? 'stop' : 'tool_calls';
}

function toText(value: Json): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** `{ name, arguments: {…} }`, or OpenAI's own, where it is one already. */
function toToolCall(call: JsonObject, index: number): JsonObject {
  if (isJsonObject(call['function'])) {
    return call;
  }
  const given = call['arguments'] ?? {};
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  const id = typeof call['id'] === 'string' ? call['id'] : `call_${index}`;
  return { id, type: 'function', function: { name: call['name'] ?? '', arguments: text } };
}
