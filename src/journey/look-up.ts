/**
 * Looks for a stored answer: the very question first, then one that means the same. A look-up has to pay for itself:
 * nothing is embedded where the scope has no index or the model's queue is long. A fault of a store is a miss.
 */
import { isFresh } from '../cache/freshness.ts';
import type { CachePlan } from '../cache/plan.ts';
import type { SplitRequest } from '../cache/split-question.ts';
import type { StoredAnswer } from '../contract/answer.ts';
import type { Fingerprint, Ports, ScopeState } from '../contract/ports.ts';
import { succeed } from '../contract/problem.ts';
import type { GenerationRequest } from '../contract/request.ts';
import type { Settings } from '../contract/settings.ts';
import type { Recorder } from '../contract/trace.ts';

export interface Found {
  hit: { stored: StoredAnswer; similarity: number | null } | null;
  /** The question's vector where it was needed; unit length. */
  vector: Float32Array | null;
  scopeState: ScopeState | null;
}

export interface LookUp {
  request: GenerationRequest;
  split: SplitRequest;
  plan: CachePlan;
  key: Fingerprint;
}

export async function lookUp(asked: LookUp, ports: Ports, settings: Settings, recorder: Recorder): Promise<Found> {
  const { plan } = asked;
  if (!plan.reads) {
    return { hit: null, vector: null, scopeState: null };
  }
  const exact = await recorder.stage(
    'cache',
    () => lookUpExact(asked, ports),
    ({ hit, fault }) => (fault === null ? (hit === null ? 'miss' : 'exact hit') : { decision: 'miss', detail: fault }),
  );
  if (exact.hit !== null || !plan.usesMeaning) {
    return { ...exact, vector: null };
  }
  return lookUpNear({ ...asked, scopeState: exact.scopeState }, ports, settings, recorder);
}

interface Exact {
  hit: Found['hit'];
  scopeState: ScopeState | null;
  fault: string | null;
}

async function lookUpExact({ request, plan, key }: LookUp, ports: Ports): Promise<Exact> {
  const recalled = ports.answers.recall(key);
  if (recalled !== null && isAcceptable(recalled, request, ports)) {
    return { hit: { stored: recalled, similarity: null }, scopeState: null, fault: null };
  }
  const [answer, state] = await Promise.all([
    ports.answers.get(key),
    plan.usesMeaning ? ports.scopes.state(key.scope) : null,
  ]);
  const scopeState = state?.ok === true ? state.value : null;
  if (!answer.ok) {
    return { hit: null, scopeState, fault: answer.problem.detail };
  }
  const isHit = answer.value !== null && isAcceptable(answer.value, request, ports);
  return {
    hit: isHit && answer.value !== null ? { stored: answer.value, similarity: null } : null,
    scopeState,
    fault: state?.ok === false ? state.problem.detail : null,
  };
}

async function lookUpNear(
  { request, split, key, scopeState }: LookUp & { scopeState: ScopeState | null },
  ports: Ports,
  settings: Settings,
  recorder: Recorder,
): Promise<Found> {
  const nothing: Found = { hit: null, vector: null, scopeState };
  if (scopeState?.kind !== 'open' || ports.embedder.backlog() >= settings.cache.maxBacklog) {
    return nothing;
  }
  const embedded = await recorder.stage(
    'embed',
    () => embedQuestion(split, request, ports),
    (outcome) => (outcome.ok ? (outcome.value.wasCached ? 'cached' : 'embedded') : outcome.problem.kind),
  );
  if (!embedded.ok) {
    return nothing;
  }
  const { vector } = embedded.value;
  const threshold = request.controls.similarity ?? settings.cache.similarity;
  const { hit } = await recorder.stage(
    'near',
    () => findNear(key, vector, threshold, request, ports),
    ({ hit, fault }) =>
      fault === null ? (hit === null ? 'miss' : 'semantic hit') : { decision: 'miss', detail: fault },
  );
  return { hit, vector, scopeState };
}

interface Near {
  hit: Found['hit'];
  fault: string | null;
}

async function findNear(
  { scope }: Fingerprint,
  vector: Float32Array,
  threshold: number,
  request: GenerationRequest,
  ports: Ports,
): Promise<Near> {
  const neighbours = await ports.scopes.nearest(scope, vector, 1);
  if (!neighbours.ok) {
    return { hit: null, fault: neighbours.problem.detail };
  }
  const [neighbour] = neighbours.value;
  if (neighbour === undefined || neighbour.similarity < threshold) {
    return { hit: null, fault: null };
  }
  const near = { scope, question: neighbour.question };
  const recalled = ports.answers.recall(near);
  const read = recalled === null ? await ports.answers.get(near) : succeed(recalled);
  if (!read.ok) {
    return { hit: null, fault: read.problem.detail };
  }
  const stored = read.value;
  const isHit = stored !== null && isAcceptable(stored, request, ports);
  return { hit: isHit ? { stored, similarity: neighbour.similarity } : null, fault: null };
}

export function embedQuestion(
  split: SplitRequest,
  request: GenerationRequest,
  ports: Ports,
): ReturnType<Ports['embedder']['embed']> {
  return ports.embedder.embed(
    { kind: 'text', text: split.question.join('\n') },
    { tenant: request.tenant, truncateTo: null, mayPersist: true },
  );
}

function isAcceptable(stored: StoredAnswer, { controls }: GenerationRequest, { clock }: Ports): boolean {
  return isFresh(stored, { maxAgeSeconds: controls.maxAgeSeconds, now: clock.now() });
}
