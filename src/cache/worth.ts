/**
 * Decides whether a question is worth embedding before it is answered. An embedding takes the isolate's only thread for 8 to 80 ms: it cannot
 * pay where the model's queue is long, where the thread is busy with models already, or where an origin answers for nothing
 * in the same time. Pure.
 */
import type { RunCost } from '../contract/pace.ts';
import type { CacheSettings } from '../contract/settings.ts';

export interface Stake {
  /** Of this embedding. */
  costMs: number;
  /** Embeddings that wait or run. */
  backlog: number;
  /** Until an origin's answer began, of late; null where not measured. */
  originMs: number | null;
  /** US dollars for a million tokens, of the dearest origin and kind of token. */
  price: number;
}

/** Null where it is worth it, else the reason. */
export function whyNotWorth(
  { costMs, backlog, originMs, price }: Stake,
  { queueMs, cheapPrice }: Pick<CacheSettings, 'queueMs' | 'cheapPrice'>,
): string | null {
  const waitMs = backlog * costMs;
  if (waitMs > queueMs) {
    return `the queue takes ${Math.round(waitMs)} ms`;
  }
  const isFaster = originMs !== null && originMs <= waitMs + costMs;
  return isFaster && price <= cheapPrice ? `the origin answers in ${Math.round(originMs)} ms` : null;
}

/** English has about four characters a token, and each word a token of its own at least. */
const CHARACTERS_PER_TOKEN = 4;
const SPECIAL_TOKENS = 2;

/** By the text's length. `costs`: by ascending tokens. */
export function estimateCostMs(costs: readonly RunCost[], text: string): number {
  return costAt(costs, SPECIAL_TOKENS + Math.ceil(text.length / CHARACTERS_PER_TOKEN));
}

/** Milliseconds, between the two nearest lengths that were measured; 0 where nothing was. `costs`: by ascending tokens. */
export function costAt(costs: readonly RunCost[], tokens: number): number {
  const after = costs.findIndex((cost) => cost.tokens >= tokens);
  const last = costs.at(-1);
  if (last === undefined) {
    return 0;
  }
  const high = costs[after] ?? last;
  const low = costs[after < 0 ? costs.length - 2 : after - 1];
  if (low === undefined || high.tokens === low.tokens) {
    return high.ms;
  }
  return low.ms + ((high.ms - low.ms) * (Math.min(tokens, high.tokens) - low.tokens)) / (high.tokens - low.tokens);
}
