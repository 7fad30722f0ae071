import type { JsonObject } from './json.ts';

/** Tokens of one request, as OpenAI counts them. */
export interface Usage {
  /** The origin's own `usage` object with its further details; null for an estimate. */
  reported: JsonObject | null;
  promptTokens: number;
  completionTokens: number;
  /** `origin`: as the origin reported. `estimate`: about four bytes a token. */
  source: 'origin' | 'estimate';
}
