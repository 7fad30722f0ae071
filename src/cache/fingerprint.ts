/**
 * Where a request's answer lies: the scope, a digest of everything but the question, and the question's own digest.
 * Nothing of a text can be read back from either, nor guessed where the digest has a key. Pure.
 */
import type { EntryKey, Ports } from '../contract/ports.ts';
import type { GenerationRequest } from '../contract/request.ts';
import { canonicalise, inexactNumbers, isExact } from './canonical.ts';
import type { SplitRequest } from './split-question.ts';

/** Raised when the meaning of a fingerprint changes, so that older entries are never read with the new meaning. */
const FINGERPRINT_VERSION = 2;

export interface Owned {
  split: SplitRequest;
  /** As of `ownerOf`. */
  owner: string;
  generation: string;
  jurisdiction: EntryKey['jurisdiction'];
}

/**
 * A client's own cache key replaces the question and what was said before it; model, tools and sampling stay in the
 * scope, so that no key is answered by another model.
 */
export async function fingerprint(
  request: Pick<GenerationRequest, 'kind' | 'controls' | 'body' | 'raw'>,
  { split, owner, generation, jurisdiction }: Owned,
  digest: Ports['digest'],
): Promise<EntryKey> {
  const { namespace, cacheKey } = request.controls;
  const place = [FINGERPRINT_VERSION, owner, namespace, generation, request.kind];
  const rounded = roundedIn(request);
  const { messages: _messages, prompt: _prompt, ...options } = split.frame;
  const scope = cacheKey === null ? [...place, split.frame, ...rounded] : [...place, 'key', options, ...rounded];
  const question = cacheKey === null ? [...split.question] : [cacheKey];
  return {
    owner,
    jurisdiction,
    scope: await digest(canonicalise(scope)),
    question: await digest(canonicalise(question)),
  };
}

/** Nothing but for the rare body whose numbers do not survive parsing. */
function roundedIn({ body, raw }: Pick<GenerationRequest, 'body' | 'raw'>): string[] {
  return isExact(body) ? [] : inexactNumbers(raw);
}
