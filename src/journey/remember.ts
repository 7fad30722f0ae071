/**
 * Stores an answer after it has left, where it may be stored, and opens the scope's index where the scope has earned
 * one. Whatever fails here is lost quietly: the next such request is a miss. Returns what came of it, for the trace.
 */
import { assemble } from '../cache/assemble.ts';
import { afterQuestion } from '../cache/scope-state.ts';
import { whyNotStorable } from '../cache/storable.ts';
import type { StoredContent } from '../contract/answer.ts';
import type { JsonObject } from '../contract/json.ts';
import type { Ports, ScopeState } from '../contract/ports.ts';
import { succeed } from '../contract/problem.ts';
import type { GenerationKind } from '../contract/request.ts';
import type { Settings } from '../contract/settings.ts';
import type { Usage } from '../contract/usage.ts';
import { embedQuestion } from './embed-question.ts';
import type { Found, LookUp } from './look-up.ts';

export interface Generated {
  content: StoredContent;
  usage: Usage | null;
  origin: string;
}

export async function remember(
  asked: LookUp,
  found: Found,
  generated: Generated,
  ports: Ports,
  settings: Settings,
): Promise<string> {
  const { request, split, plan, key, policy } = asked;
  const refusal = whyRefused(asked, generated, settings);
  if (refusal !== null) {
    return `not stored: ${refusal}`;
  }
  const createdAt = ports.clock.now();
  const expiresAt = createdAt + (request.controls.ttlSeconds ?? policy.ttlSeconds) * 1000;
  const staleUntil = expiresAt + policy.staleSeconds * 1000;
  const state = plan.usesMeaning ? await nextState(asked, found, ports) : null;
  const embedded = state?.kind === 'open' ? await embedLater(asked, found, ports, settings) : null;
  const stored = await ports.answers.put(
    key,
    { question: split.question.join('\n'), model: request.model, createdAt, expiresAt, staleUntil, ...generated },
    embedded?.ok === true ? embedded.value.vector : null,
  );
  if (!stored.ok) {
    return `not stored: ${stored.problem.detail}`;
  }
  const outcome = embedded?.ok === false ? `stored without a vector: ${embedded.problem.kind}` : 'stored';
  if (state === null || isSameState(state, found.scopeState)) {
    return outcome;
  }
  const marked = await ports.scopes.setState(key.scope, state);
  return marked.ok ? `${outcome}, scope ${state.kind}` : `${outcome}, scope not marked: ${marked.problem.detail}`;
}

/** The model may have been busy before the answer, and be free now. */
async function embedLater(
  asked: LookUp,
  { embedded }: Found,
  ports: Ports,
  settings: Settings,
): Promise<NonNullable<Found['embedded']>> {
  const isBusy = embedded?.ok === false && embedded.problem.kind === 'busy';
  return embedded === null || isBusy ? embedQuestion(asked, ports, settings) : embedded;
}

/** Null where the answer may be stored, else the reason. */
export function whyRefused(
  { request, plan }: LookUp,
  { content }: Pick<Generated, 'content'>,
  settings: Settings,
): string | null {
  if (!plan.writes) {
    return plan.reason;
  }
  // The relay has bounded events as they came.
  const isTooLarge =
    content.format === 'json' && new TextEncoder().encode(content.body).length > settings.cache.maxEntryBytes;
  if (isTooLarge) {
    return `larger than ${settings.cache.maxEntryBytes} bytes`;
  }
  const whole = toWhole(request.kind, content);
  if (whole === null) {
    return 'an event is no JSON';
  }
  return whyNotStorable(whole, request.controls);
}

function toWhole(kind: GenerationKind, content: StoredContent): JsonObject | null {
  try {
    return content.format === 'json' ? (JSON.parse(content.body) as JsonObject) : assemble(kind, content.events);
  } catch {
    return null;
  }
}

/**
 * A refreshed answer was not looked up, so its scope's state is read now. Null where it cannot be read and would be needed:
 * a guess could close an index that is open.
 */
async function nextState(
  { split, key }: LookUp,
  { scopeState }: Found,
  ports: Ports,
): Promise<ReturnType<typeof afterQuestion> | null> {
  const read = scopeState === null ? await ports.scopes.state(key.scope) : succeed(scopeState);
  if (!read.ok && split.isConversation) {
    return null;
  }
  const known: ScopeState = read.ok ? read.value : { kind: 'unseen' };
  return afterQuestion(known, { question: key.question, isConversation: split.isConversation });
}

function isSameState(a: ScopeState, b: ScopeState | null): boolean {
  return a.kind === b?.kind && (a.kind !== 'seen' || b.kind !== 'seen' || a.question === b.question);
}
