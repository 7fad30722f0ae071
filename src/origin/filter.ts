/**
 * Which origins may and can answer a request, and all reasons why each other may not. Pure.
 * What the law forbids is never weighed against anything: it is dropped here, before anything is scored.
 */
import type { Modality, Origin, OriginModel, Protocol } from '../contract/origin.ts';
import type { DroppedOrigin } from '../contract/problem.ts';
import type { Priority } from '../contract/request.ts';
import type { Board, Breaker, OriginView } from '../contract/routing.ts';
import { breakerOf, loadOf, UNSEEN } from './board.ts';
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
  /** Whose requests are refused first where there is little room. */
  priority: Priority;
}

export interface Candidate {
  origin: Origin;
  model: OriginModel;
  view: OriginView;
}

export interface Filtered {
  kept: readonly Candidate[];
  /** Of the dropped, those that one or two failures alone stand against: where nothing is kept, trying one of them beats refusing. */
  doubtful: readonly Candidate[];
  dropped: readonly DroppedOrigin[];
}

/** Why an origin is dropped, and how long that may last; null where waiting does not mend it, or nobody knows. */
interface Obstacle {
  why: string;
  waitMs: number | null;
  isDoubtful?: boolean;
}

/** Of an origin's room, what requests of a priority may take. */
const ROOM: Record<Priority, number> = { interactive: 1, batch: 0.8 };

/** An origin that is full may have room after this. */
const FULL_MS = 1_000;

/** Outages in a row that may yet be chance. */
const DOUBTFUL_OUTAGES = 2;

export function filter(
  origins: readonly Origin[],
  needs: Needs,
  board: Board,
  now: number,
  breaker?: BreakerSettings,
): Filtered {
  const kept: Candidate[] = [];
  const doubtful: Candidate[] = [];
  const dropped: DroppedOrigin[] = [];
  for (const origin of origins) {
    const view = board.get(origin.id) ?? UNSEEN;
    const model = priceOf(origin, needs.model);
    if (model === null) {
      dropped.push({ origin: origin.id, reasons: ['does not serve the model'], waitMs: null });
      continue;
    }
    const candidate = { origin, model, view };
    const obstacles = [...whyUnfit(origin, model, needs), ...whyUnable(candidate, needs.priority, now, breaker)];
    if (obstacles.length === 0) {
      kept.push(candidate);
      continue;
    }
    if (obstacles.every(({ isDoubtful = false }) => isDoubtful)) {
      doubtful.push(candidate);
    }
    dropped.push({ origin: origin.id, reasons: obstacles.map(({ why }) => why), waitMs: longest(obstacles) });
  }
  return { kept, doubtful, dropped };
}

function longest(obstacles: readonly Obstacle[]): number | null {
  let longestMs = 0;
  for (const { waitMs } of obstacles) {
    if (waitMs === null) {
      return null;
    }
    longestMs = Math.max(longestMs, waitMs);
  }
  return longestMs;
}

/** What no waiting mends. */
function whyUnfit(origin: Origin, model: OriginModel, needs: Needs): Obstacle[] {
  const jurisdiction = origin.jurisdiction.toLowerCase();
  const broken = needs.residencies.filter(
    (residency) => residency !== null && residency.toLowerCase() !== jurisdiction,
  );
  const missing = needs.modalities.filter((modality) => !model.modalities.includes(modality));
  const reasons = [
    ...new Set(broken.map((residency) => `lies in jurisdiction ${jurisdiction}, not ${residency?.toLowerCase()}`)),
    ...(needs.protocols.includes(origin.protocol)
      ? []
      : [`speaks ${origin.protocol}, not ${needs.protocols.join(' or ')}`]),
    ...(model.contextTokens !== null && needs.tokens > model.contextTokens
      ? [`takes ${model.contextTokens} tokens of the model, not about ${needs.tokens}`]
      : []),
    ...missing.map((modality) => `takes no ${modality}`),
  ];
  return reasons.map((why) => ({ why, waitMs: null }));
}

function whyUnable(
  { origin, view, model }: Candidate,
  priority: Priority,
  now: number,
  breaker: BreakerSettings | undefined,
): Obstacle[] {
  const { capacity } = origin;
  const isFull = capacity !== null && loadOf(view, now) + 1 > Math.max(1, Math.floor(capacity * ROOM[priority]));
  return [
    ...(origin.isDraining ? [{ why: 'is being drained', waitMs: null }] : []),
    ...whyBroken(view.breaker, 'does not answer', now, breaker),
    ...whyBroken(breakerOf(view, model.id), 'fails on the model', now, breaker),
    ...(isCurrent(view.report, now) && !view.report.isUp ? [{ why: 'is reported down', waitMs: null }] : []),
    ...(isFull ? [{ why: `has no room for more than ${capacity} requests`, waitMs: FULL_MS }] : []),
  ];
}

function whyBroken(of: Breaker, why: string, now: number, settings: BreakerSettings | undefined): Obstacle[] {
  if (admits(of, now, settings)) {
    return [];
  }
  return now < of.busyUntil
    ? [{ why: 'asked to wait', waitMs: of.busyUntil - now }]
    : [{ why, waitMs: null, isDoubtful: of.outages <= DOUBTFUL_OUTAGES }];
}
