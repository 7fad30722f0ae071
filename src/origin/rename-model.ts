/**
 * A request as if the client had named another model. Pure. What goes to the origin, what the cache takes for the request and what is
 * metered all go by the body, so it is written anew here and nowhere else; every other byte of it stays as received.
 */
import type { GenerationRequest } from '../contract/request.ts';
import { repeatsMember, replaceMember } from './members.ts';

export function renameModel(request: GenerationRequest, model: string): GenerationRequest {
  const body = { ...request.body, model };
  // With two models the last alone was read. The text that is written anew costs the exactness of integers beyond 2^53.
  const raw = repeatsMember(request.raw, 'model') ? JSON.stringify(body) : replaceMember(request.raw, 'model', model);
  return { ...request, model, body, raw };
}
