/**
 * Embeds the question, where that pays: before the answer only within the budgets of the queue and of the thread, after it within the thread's alone.
 */
import { estimateCostMs, whyNotWorth } from '../cache/worth.ts';
import type { EmbedFault, Embedding, Ports } from '../contract/ports.ts';
import type { Result } from '../contract/problem.ts';
import type { Settings } from '../contract/settings.ts';
import { priceOf } from '../origin/catalogue.ts';
import type { LookUp } from './look-up.ts';

/** Null where the question may be embedded before its answer. */
export function whySkipped(
  { request, split }: LookUp,
  { embedder, pace, board }: Pick<Ports, 'embedder' | 'pace' | 'board'>,
  { cache }: Settings,
): string | null {
  const { model, isStream } = request;
  const prices = board.origins().flatMap((origin) => {
    const price = priceOf(origin, model);
    return price === null ? [] : [price.inputPrice, price.outputPrice];
  });
  const stake = {
    costMs: estimateCostMs(embedder.model.costs, split.question.join('\n')),
    backlog: embedder.backlog(),
    originMs: pace.originMs(model, isStream),
    price: Math.max(0, ...prices),
  };
  return whyNotWorth(stake, cache);
}

/** `busy` also where models have had their share of the thread. */
export async function embedQuestion(
  { request, split, plan }: LookUp,
  { embedder, pace }: Pick<Ports, 'embedder' | 'pace'>,
  { cache }: Settings,
): Promise<Result<Embedding, EmbedFault>> {
  const text = split.question.join('\n');
  return embedder.embed(
    { kind: 'text', text },
    {
      tenant: request.tenant,
      truncateTo: null,
      mayPersist: plan.jurisdiction === null,
      counts: false,
      maxBacklog: cache.maxBacklog,
      mayRun: () => pace.takeThread(estimateCostMs(embedder.model.costs, text)),
    },
  );
}
