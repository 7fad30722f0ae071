/** Questions about the catalogue of origins: what is served, where, and at what price. Pure. */
import type { Origin, OriginModel } from '../contract/origin.ts';

export interface ListedModel {
  id: string;
  /** Ids of the origins that serve it, in the catalogue's order. */
  origins: string[];
}

/** True where at least one origin serves `model`. */
export function serves(origins: readonly Origin[], model: string): boolean {
  return origins.some((origin) => priceOf(origin, model) !== null);
}

/** Each model once, in the order in which the catalogue first names it. */
export function listModels(origins: readonly Origin[]): ListedModel[] {
  const listed = new Map<string, ListedModel>();
  for (const origin of origins) {
    for (const { id } of origin.models) {
      const model = listed.get(id) ?? { id, origins: [] };
      if (!model.origins.includes(origin.id)) {
        model.origins.push(origin.id);
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
