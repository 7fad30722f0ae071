/** The trace's figures: tokens, their source, and money. Pure. */
import type { StoredAnswer } from '../contract/answer.ts';
import type { Origin } from '../contract/origin.ts';
import type { Trace } from '../contract/trace.ts';
import type { GenerationRequest } from '../contract/request.ts';
import type { Usage } from '../contract/usage.ts';
import { costOf } from '../meter/cost.ts';
import { priceOf } from '../origin/catalogue.ts';
import { estimatePromptTokens } from '../origin/estimate-tokens.ts';

/** A hit costs nothing; what it would have cost at the origin that first answered is saved. */
export function meterHit(stored: StoredAnswer, origins: readonly Origin[]): Partial<Trace> {
  return meterShared(stored.usage, stored.model, origins, stored.origin);
}

/**
 * What was generated for another request, or for an earlier one. `origins`: those in force. Where the origin is none of them, or has not the model
 * any more, the first that has it says the price; where none has, nothing was saved.
 */
export function meterShared(
  usage: Usage | null,
  model: string,
  origins: readonly Origin[],
  originId: string,
): Partial<Trace> {
  if (usage === null) {
    return { tokens_from: 'cache' };
  }
  const having = origins.filter((one) => priceOf(one, model) !== null);
  const origin = having.find(({ id }) => id === originId) ?? having[0];
  return { ...toTokens(usage), tokens_from: 'cache', saved_usd: costAt(origin, model, usage) };
}

export function meterGenerated(usage: Usage, model: string, origin: Origin): Partial<Trace> {
  return { ...toTokens(usage), tokens_from: usage.source, cost_usd: costAt(origin, model, usage) };
}

/** For an origin that told none. */
export function estimateUsage({ body }: Pick<GenerationRequest, 'body'>, completionTokens: number): Usage {
  return { promptTokens: estimatePromptTokens(body), completionTokens, source: 'estimate', reported: null };
}

function toTokens({ promptTokens, completionTokens }: Usage): Pick<Trace, 'prompt_tokens' | 'completion_tokens'> {
  return { prompt_tokens: promptTokens, completion_tokens: completionTokens };
}

function costAt(origin: Origin | undefined, model: string, usage: Usage): number {
  const price = origin === undefined ? null : priceOf(origin, model);
  return price === null ? 0 : costOf(usage, price);
}
