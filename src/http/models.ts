/** GET /v1/models and /v1/models/{id}: local models, the origins' and aliases, as far as the key may use them. */
import type { Tenant } from '../contract/request.ts';
import { requireKey } from './require-key.ts';
import type { AppContext, ModelListing } from './context.ts';
import { respondProblem } from './respond.ts';

export async function listModels(c: AppContext): Promise<Response> {
  const tenant = await requireKey(c);
  if (!tenant.ok) {
    return respondProblem(c, tenant.problem);
  }
  const visible = c
    .get('gateway')
    .models()
    .filter((listing) => isVisible(listing, tenant.value));
  return c.json({ object: 'list', data: visible.map(toOpenAi) });
}

export async function getModel(c: AppContext): Promise<Response> {
  const tenant = await requireKey(c);
  if (!tenant.ok) {
    return respondProblem(c, tenant.problem);
  }
  // A model's id may hold slashes, so the rest of the path is the id.
  const id = decode(c.req.path.slice('/v1/models/'.length));
  const listing = c
    .get('gateway')
    .models()
    .find((model) => model.id === id);
  return listing !== undefined && isVisible(listing, tenant.value)
    ? c.json(toOpenAi(listing))
    : respondProblem(c, { kind: 'model-not-found', model: id });
}

/** An alias that stands for a model of others too is not shown, since it names that. */
function isVisible({ id, standsFor = [id] }: ModelListing, { models }: Tenant): boolean {
  return models === null || models.includes(id) || standsFor.every((model) => models.includes(model));
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function toOpenAi({ id, ownedBy, createdAt, details }: ModelListing): Record<string, unknown> {
  return { id, object: 'model', created: Math.floor(createdAt / 1000), owned_by: ownedBy, perigee: details };
}
