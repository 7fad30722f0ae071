/**
 * Reads the error bodies of OpenAI-compatible servers, each with its own idea of the shape, into OpenAI's. Pure.
 * Known: OpenAI, llama.cpp (`error` an object), TGI and Triton (`error` a text), vLLM (`object: "error"`), FastAPI (`detail`).
 */
import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';

export interface OpenAiError {
  message: string;
  type: string;
  param: string | null;
  code: string | null;
}

/** A message is cut here: some servers put the whole prompt into it. */
const MAX_MESSAGE_CHARS = 2_000;

/** What types and codes look like: `BadRequestError`, `context_length_exceeded`, `400`. */
const NAME = /^[\w.-]{1,64}$/;

/** Null where `json` holds no error. `type` is used where the server gave none. */
export function readError(json: JsonObject | null, type: string): OpenAiError | null {
  const fields = json === null ? null : findFields(json);
  return fields === null
    ? null
    : {
        message: (toText(fields['message']) ?? 'The origin reported an error.').slice(0, MAX_MESSAGE_CHARS),
        type: toText(fields['type']) ?? type,
        param: toText(fields['param']),
        code: toText(fields['code']),
      };
}

/** True where a chunk or a completion is an error in disguise. `"error": null` is none. */
export function holdsError(json: JsonObject): boolean {
  return (json['error'] ?? null) !== null || json['object'] === 'error';
}

/**
 * What a trace may say of an error: its type and its code where they look like names, and how long the message is. Never
 * the message, which may quote the prompt.
 */
export function describeError({ message, type, code }: OpenAiError): string {
  return `type ${toName(type)}, code ${code === null ? 'none' : toName(code)}, a message of ${message.length} characters`;
}

/** The error as the body that clients of OpenAI's API expect. */
export function toErrorBody(error: OpenAiError): string {
  return JSON.stringify({ error });
}

function toName(text: string): string {
  return NAME.test(text) ? text : `of ${text.length} characters`;
}

function findFields(json: JsonObject): JsonObject | null {
  const { error, detail } = json;
  if (isJsonObject(error)) {
    return error;
  }
  if (typeof error === 'string') {
    return { message: error, type: json['error_type'] ?? null };
  }
  if (holdsError(json) || typeof json['message'] === 'string') {
    return json;
  }
  return detail === undefined || detail === null ? null : { message: describeDetail(detail) };
}

/** FastAPI's `detail`: a text, or a list of `{ loc: ["body", "messages"], msg }`. */
function describeDetail(detail: Json): string | null {
  if (!Array.isArray(detail)) {
    return typeof detail === 'string' ? detail : null;
  }
  const texts = detail.filter(isJsonObject).map(({ loc, msg }) => {
    const path = Array.isArray(loc) ? loc.map(toText).join('.') : '';
    return `${path === '' ? '' : `${path}: `}${toText(msg) ?? 'invalid'}`;
  });
  return texts.length === 0 ? null : texts.join('; ');
}

function toText(value: Json | undefined): string | null {
  return typeof value === 'number' ? String(value) : typeof value === 'string' && value !== '' ? value : null;
}
