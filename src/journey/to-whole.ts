/** A request whose answer is wanted whole, for work in the background. Pure. */
import { isExact } from '../cache/canonical.ts';
import type { GenerationRequest } from '../contract/request.ts';

/** Null where the body cannot be written anew: it has numbers that parsing rounded. */
export function toWhole(request: GenerationRequest): GenerationRequest | null {
  if (!request.isStream) {
    return request;
  }
  if (!isExact(request.body)) {
    return null;
  }
  const { stream: _stream, stream_options: _options, ...body } = request.body;
  return { ...request, body, raw: JSON.stringify(body), isStream: false, wantsUsage: false };
}
