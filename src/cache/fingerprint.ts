/**
 * Where a request's answer lies: the scope, a digest of everything but the question, and the question's own digest.
 * Nothing of a text can be read back from either. Pure.
 */
import type { Fingerprint } from '../contract/ports.ts';
import type { GenerationRequest } from '../contract/request.ts';
import { canonicalise, inexactNumbers, isExact } from './canonical.ts';
import type { SplitRequest } from './split-question.ts';

/** Raised when the meaning of a fingerprint changes, so that older entries are never read with the new meaning. */
const FINGERPRINT_VERSION = 1;

/**
 * Both digests are SHA-256 as 43 characters of base64url. A client's own cache key replaces the question and what was said
 * before it; model, tools and sampling stay in the scope, so that no key is answered by another model.
 */
export async function fingerprint(
  request: Pick<GenerationRequest, 'kind' | 'tenant' | 'controls' | 'body' | 'raw'>,
  split: SplitRequest,
): Promise<Fingerprint> {
  const { namespace, cacheKey } = request.controls;
  const owner = [FINGERPRINT_VERSION, request.tenant.id, namespace, request.kind];
  const rounded = roundedIn(request);
  const { messages: _messages, prompt: _prompt, ...options } = split.frame;
  const scope = cacheKey === null ? [...owner, split.frame, ...rounded] : [...owner, 'key', options, ...rounded];
  const question = cacheKey === null ? [...split.question] : [cacheKey];
  return { scope: await digest(canonicalise(scope)), question: await digest(canonicalise(question)) };
}

/** Nothing but for the rare body whose numbers do not survive parsing. */
function roundedIn({ body, raw }: Pick<GenerationRequest, 'body' | 'raw'>): string[] {
  return isExact(body) ? [] : inexactNumbers(raw);
}

async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
