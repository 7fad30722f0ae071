/**
 * Stored answers as text. What is read back is checked member by member: an entry that is not whole is never served.
 * Pure.
 */
import type { StoredAnswer, StoredContent } from '../contract/answer.ts';
import { isJsonObject, type Json } from '../contract/json.ts';
import type { Usage } from '../contract/usage.ts';

const CODE_VERSION = 2;

export function encodeAnswer(answer: StoredAnswer): string {
  return JSON.stringify({ version: CODE_VERSION, ...answer });
}

/** Null where the text is no whole entry of this version. */
export function decodeAnswer(text: string): StoredAnswer | null {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return null;
  }
  if (!isJsonObject(value) || value['version'] !== CODE_VERSION) {
    return null;
  }
  const { question, model, origin, createdAt, expiresAt, staleUntil } = value;
  const content = decodeContent(value['content']);
  const usage = decodeUsage(value['usage']);
  const isWhole =
    typeof question === 'string' &&
    typeof model === 'string' &&
    typeof origin === 'string' &&
    typeof createdAt === 'number' &&
    typeof expiresAt === 'number' &&
    typeof staleUntil === 'number';
  return isWhole && content !== null && usage !== undefined
    ? { question, model, origin, createdAt, expiresAt, staleUntil, usage, content }
    : null;
}

function decodeContent(value: Json | undefined): StoredContent | null {
  if (!isJsonObject(value)) {
    return null;
  }
  const { format, body, events } = value;
  if (format === 'json' && typeof body === 'string') {
    return { format, body };
  }
  const areTexts = Array.isArray(events) && events.every((event) => typeof event === 'string');
  return format === 'events' && areTexts ? { format, events } : null;
}

function decodeUsage(value: Json | undefined): Usage | null | undefined {
  if (value === null) {
    return null;
  }
  if (!isJsonObject(value)) {
    return undefined;
  }
  const { promptTokens, completionTokens, source, reported = null } = value;
  const areCounts = typeof promptTokens === 'number' && typeof completionTokens === 'number';
  const isWhole = areCounts && (reported === null || isJsonObject(reported));
  return isWhole && (source === 'origin' || source === 'estimate')
    ? { promptTokens, completionTokens, source, reported }
    : undefined;
}
