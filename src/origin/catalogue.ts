/** Questions about the catalogue of origins: what is served, where, and at what price. Pure. */
import type { Origin, OriginModel, Protocol } from '../contract/origin.ts';
import type { Problem } from '../contract/problem.ts';

export interface ListedModel {
  id: string;
  /** Ids of the origins that serve it, in the catalogue's order. */
  origins: string[];
  protocols: Protocol[];
}

/** True where at least one origin serves `model`. */
export function serves(origins: readonly Origin[], model: string): boolean {
  return origins.some((origin) => priceOf(origin, model) !== null);
}

const TAKES: Record<Protocol, string> = {
  openai: 'prompts, at /v1/chat/completions or /v1/completions',
  'workers-ai': 'prompts, at /v1/chat/completions',
  kserve: 'tensors, at /v2/models/…/infer',
};

/** Of a model that origins serve, none of them by these protocols; else null. */
export function findMisuse(origins: readonly Origin[], model: string, protocols: readonly Protocol[]): Problem | null {
  const spoken = new Set(origins.filter((origin) => priceOf(origin, model) !== null).map(({ protocol }) => protocol));
  if (spoken.size === 0 || protocols.some((protocol) => spoken.has(protocol))) {
    return null;
  }
  const takes = [...spoken].map((protocol) => TAKES[protocol]).join('; ');
  return { kind: 'invalid', param: 'model', message: `model: ${JSON.stringify(model)} takes ${takes}.` };
}

/** Each model once, in the order in which the catalogue first names it. */
export function listModels(origins: readonly Origin[]): ListedModel[] {
  const listed = new Map<string, ListedModel>();
  for (const origin of origins) {
    for (const { id } of origin.models) {
      const model = listed.get(id) ?? { id, origins: [], protocols: [] };
      if (!model.origins.includes(origin.id)) {
        model.origins.push(origin.id);
      }
      if (!model.protocols.includes(origin.protocol)) {
        model.protocols.push(origin.protocol);
      }
      listed.set(id, model);
    }
  }
  return [...listed.values()];
}

/** The model as this origin offers it, null where it does not. */
export function priceOf(origin: Origin, model: string): OriginModel | null {
  return origin.models.find(({ id }) => id === model) ?? null;
}
