/** Tokens of one request, as OpenAI counts them. */
export interface Usage {
  promptTokens: number;
  completionTokens: number;
  /** `origin`: as the origin reported. `estimate`: about four bytes a token. */
  source: 'origin' | 'estimate';
}
