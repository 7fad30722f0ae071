/**
 * Estimates tokens where no origin reported usage: about four UTF-8 bytes a token, which holds for English with
 * byte-pair tokenizers and is some tens of per cent off for other languages and for code. Pure.
 */
import { isJsonObject, type Json, type JsonObject } from '../contract/json.ts';

const BYTES_PER_TOKEN = 4;

const encoder = new TextEncoder();

export function estimateTokens(text: string): number {
  return Math.ceil(encoder.encode(text).byteLength / BYTES_PER_TOKEN);
}

/** The texts of `messages` (or `prompt`) and the tools; images and audio are not counted. */
export function estimatePromptTokens({ messages, prompt, tools }: JsonObject): number {
  const asked = Array.isArray(messages) ? sum(messages.map(countMessage)) : countPrompt(prompt);
  return asked + (Array.isArray(tools) ? estimateTokens(JSON.stringify(tools)) : 0);
}

function countMessage(message: Json): number {
  if (!isJsonObject(message)) {
    return 0;
  }
  const { content, tool_calls: calls } = message;
  const texts = Array.isArray(content) ? content.map((part) => (isJsonObject(part) ? part['text'] : '')) : [content];
  const spoken = sum(texts.map((text) => (typeof text === 'string' ? estimateTokens(text) : 0)));
  return spoken + (Array.isArray(calls) ? estimateTokens(JSON.stringify(calls)) : 0);
}

/** A text, a list of texts, a list of token ids, or a list of such lists. */
function countPrompt(prompt: Json | undefined): number {
  if (Array.isArray(prompt)) {
    return sum(prompt.map(countPrompt));
  }
  return typeof prompt === 'string' ? estimateTokens(prompt) : typeof prompt === 'number' ? 1 : 0;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
