/** What a request cost at its origin's price, in US dollars. Pure. */
import type { OriginModel } from '../contract/origin.ts';
import type { Usage } from '../contract/usage.ts';

export function costOf(usage: Usage, price: OriginModel): number {
  return (usage.promptTokens * price.inputPrice + usage.completionTokens * price.outputPrice) / 1_000_000;
}
