/**
 * Looks for a stored answer: the very question first, then one that means the same. A look-up has to pay for itself:
 * nothing is embedded where the scope has no index or the model's queue is long. A fault of a store is a miss.
 */
import { isUsable } from '../cache/freshness.ts';
import type { CachePlan } from '../cache/plan.ts';
import type { SplitRequest } from '../cache/split-question.ts';
import type { StoredAnswer } from '../contract/answer.ts';
import type { NamespacePolicy } from '../contract/namespaces.ts';
import type { EmbedFault, Embedding, EntryKey, Ports, ScopeState } from '../contract/ports.ts';
import type { Result } from '../contract/problem.ts';
import type { GenerationRequest } from '../contract/request.ts';
import type { Settings } from '../contract/settings.ts';
import type { Recorder } from '../contract/trace.ts';
import { embedQuestion, whySkipped } from './embed-question.ts';
import { findNear, type NearLook } from './find-near.ts';
import { scopesFor } from './scopes-for.ts';

export interface Found {
  hit: { stored: StoredAnswer; similarity: number | null; key: EntryKey } | null;
  /** What came of embedding the question; null where it was not tried. */
  embedded: Result<Embedding, EmbedFault> | null;
  /** What came of looking for near questions; null where they were not looked for. */
  near: NearLook | null;
  /** Null where it was not read, or could not be. */
  scopeState: ScopeState | null;
}

export interface LookUp {
  request: GenerationRequest;
  split: SplitRequest;
  plan: CachePlan;
  key: EntryKey;
  policy: NamespacePolicy;
}

/** How a client names an entry. */
export function toEntryId({ scope, question }: Pick<EntryKey, 'scope' | 'question'>): string {
  return `${scope}.${question}`;
}

export async function lookUp(asked: LookUp, ports: Ports, settings: Settings, recorder: Recorder): Promise<Found> {
  const { plan } = asked;
  if (!plan.reads) {
    return { hit: null, embedded: null, near: null, scopeState: null };
  }
  const { hit, scopeState } = await recorder.stage(
    'cache',
    () => lookUpExact(asked, ports),
    (exact) => toNote(exact, 'exact hit'),
  );
  const isWorthEmbedding = hit === null && plan.usesMeaning && plan.threshold < 1 && scopeState?.kind === 'open';
  if (!isWorthEmbedding) {
    return { hit, embedded: null, near: null, scopeState };
  }
  const reason = whySkipped(asked, ports, settings);
  if (reason !== null) {
    await recorder.stage(
      'embed',
      () => Promise.resolve(reason),
      (detail) => ({ decision: 'skipped', detail }),
    );
    return { hit, embedded: null, near: null, scopeState };
  }
  const embedded = await recorder.stage(
    'embed',
    () => embedQuestion(asked, ports, settings),
    (outcome) => (outcome.ok ? (outcome.value.wasCached ? 'cached' : 'embedded') : outcome.problem.kind),
  );
  if (!embedded.ok) {
    return { hit: null, embedded, near: null, scopeState };
  }
  const near = await recorder.stage(
    'near',
    () => findNear(asked, embedded.value.vector, ports),
    (outcome) => toNote(outcome, 'semantic hit'),
  );
  return { hit: near.hit, embedded, near: near.look, scopeState };
}

interface Looked {
  hit: Found['hit'];
  /** Why nothing was served, where that is worth telling. */
  detail: string | null;
}

function toNote({ hit, detail }: Looked, hitName: string): string | { decision: string; detail: string } {
  const decision = hit === null ? 'miss' : hitName;
  return detail === null ? decision : { decision, detail };
}

async function lookUpExact(
  { request, plan, key }: LookUp,
  ports: Ports,
): Promise<Looked & { scopeState: ScopeState | null }> {
  const recalled = ports.answers.recall(key);
  if (recalled !== null && isAcceptable(recalled, request, ports)) {
    return { hit: { stored: recalled, similarity: null, key }, scopeState: null, detail: null };
  }
  const [answer, state] = await Promise.all([
    ports.answers.get(key),
    plan.usesMeaning ? scopesFor(key, ports)?.state(key.scope) : null,
  ]);
  const scopeState = state?.ok === true ? state.value : null;
  if (!answer.ok) {
    return { hit: null, scopeState, detail: answer.problem.detail };
  }
  const stored = answer.value;
  const isHit = stored !== null && isAcceptable(stored, request, ports);
  return {
    hit: isHit ? { stored, similarity: null, key } : null,
    scopeState,
    detail: state?.ok === false ? state.problem.detail : null,
  };
}

function isAcceptable(stored: StoredAnswer, { controls }: GenerationRequest, { clock }: Ports): boolean {
  return isUsable(stored, { maxAgeSeconds: controls.maxAgeSeconds, now: clock.now() });
}
