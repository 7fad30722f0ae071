/**
 * Which origins may and can answer a request, and all reasons why each other may not. Pure.
 * What the law forbids is never weighed against anything: it is dropped here, before anything is scored.
 */
import type { Modality, Origin, OriginModel, Protocol } from '../contract/origin.ts';
import type { DroppedOrigin } from '../contract/problem.ts';
import { breakerOf, loadOf, UNSEEN, type Board, type OriginView } from './board.ts';
import { admits, type BreakerSettings } from './breaker.ts';
import { priceOf } from './catalogue.ts';
import { isCurrent } from './load.ts';

export interface Needs {
  model: string;
  /** What the caller can speak. */
  protocols: readonly Protocol[];
  /** Of the prompt, and of the answer where its length is bound; estimated. */
  tokens: number;
  modalities: readonly Modality[];
  /** Jurisdictions that bind the request: the tenant's and the request's own. All must hold; null asks for none. */
  residencies: readonly (string | null)[];
}

export interface Candidate {
  origin: Origin;
  model: OriginModel;
  view: OriginView;
}

export interface Filtered {
  kept: readonly Candidate[];
  dropped: readonly DroppedOrigin[];
}

export function filter(
  origins: readonly Origin[],
  needs: Needs,
  board: Board,
  now: number,
  breaker?: BreakerSettings,
): Filtered {
  const kept: Candidate[] = [];
  const dropped: DroppedOrigin[] = [];
  for (const origin of origins) {
    const view = board.get(origin.id) ?? UNSEEN;
    const model = priceOf(origin, needs.model);
    const reasons =
      model === null
        ? ['does not serve the model']
        : [...whyUnfit(origin, model, needs), ...whyUnable(origin, view, needs.model, now, breaker)];
    if (model !== null && reasons.length === 0) {
      kept.push({ origin, model, view });
    } else {
      dropped.push({ origin: origin.id, reasons });
    }
  }
  return { kept, dropped };
}

/** What no waiting mends. */
function whyUnfit(origin: Origin, model: OriginModel, needs: Needs): string[] {
  const jurisdiction = origin.jurisdiction.toLowerCase();
  const broken = needs.residencies.filter(
    (residency) => residency !== null && residency.toLowerCase() !== jurisdiction,
  );
  const missing = needs.modalities.filter((modality) => !model.modalities.includes(modality));
  return [
    ...new Set(broken.map((residency) => `lies in jurisdiction ${jurisdiction}, not ${residency?.toLowerCase()}`)),
    ...(needs.protocols.includes(origin.protocol)
      ? []
      : [`speaks ${origin.protocol}, not ${needs.protocols.join(' or ')}`]),
    ...(model.contextTokens !== null && needs.tokens > model.contextTokens
      ? [`takes ${model.contextTokens} tokens of the model, not about ${needs.tokens}`]
      : []),
    ...missing.map((modality) => `takes no ${modality}`),
  ];
}

function whyUnable(
  origin: Origin,
  view: OriginView,
  model: string,
  now: number,
  breaker: BreakerSettings | undefined,
): string[] {
  const isFull = origin.capacity !== null && loadOf(view, now) >= origin.capacity;
  return [
    ...(origin.isDraining ? ['is being drained'] : []),
    ...(admits(view.breaker, now, breaker) ? [] : ['does not answer']),
    ...(admits(breakerOf(view, model), now, breaker) ? [] : ['fails on the model, or asked to wait']),
    ...(isCurrent(view.report, now) && !view.report.isUp ? ['is reported down'] : []),
    ...(isFull ? [`has no room for more than ${origin.capacity} requests`] : []),
  ];
}
