/**
 * Stores an answer after it has left, where it may be stored, and opens the scope's index where the scope has earned
 * one. Whatever fails here is lost quietly: the next such request is a miss. Returns what came of it, for the trace.
 */
import { answerText, toCompletion } from '../cache/answer-text.ts';
import { toEssence } from '../cache/same-answer.ts';
import { afterQuestion } from '../cache/scope-state.ts';
import { whyNotStorable } from '../cache/storable.ts';
import type { StoredContent } from '../contract/answer.ts';
import type { Ports, ScopeState } from '../contract/ports.ts';
import { succeed } from '../contract/problem.ts';
import type { Settings } from '../contract/settings.ts';
import type { Usage } from '../contract/usage.ts';
import { embedQuestion } from './embed-question.ts';
import type { Found, LookUp } from './look-up.ts';
import { scopesFor } from './scopes-for.ts';

export interface Generated {
  content: StoredContent;
  usage: Usage | null;
  origin: string;
}

export interface Remembered {
  generated: Generated;
  /** Holds the answer against that of a near entry, and gives what stands for it in the index where both are the same. May take its time. */
  learn?: () => Promise<number | null>;
  /** The answer can be found by its exact question, or never will be. */
  onStored?: () => void;
}

export async function remember(
  asked: LookUp,
  found: Found,
  { generated, learn = () => Promise.resolve(null), onStored }: Remembered,
  ports: Ports,
  settings: Settings,
): Promise<string> {
  const { request, split, plan, key, policy } = asked;
  const refusal = whyRefused(asked, generated, settings);
  if (refusal !== null) {
    onStored?.();
    await learn();
    return `not stored: ${refusal}`;
  }
  const createdAt = ports.clock.now();
  const expiresAt = createdAt + (request.controls.ttlSeconds ?? policy.ttlSeconds) * 1000;
  const staleUntil = expiresAt + policy.staleSeconds * 1000;
  const answer = { question: split.question.join('\n'), model: request.model, createdAt, expiresAt, staleUntil };
  const { content, usage, origin } = generated;
  const stored = await ports.answers.put(key, { ...answer, content, usage, origin });
  onStored?.();
  const sameAs = await learn();
  if (!stored.ok) {
    return `not stored: ${stored.problem.detail}`;
  }
  const state = plan.usesMeaning ? await nextState(asked, found, ports) : null;
  const embedded = state?.kind === 'open' ? await embedLater(asked, found, ports, settings) : null;
  const entry = { content, sameAs, expiresAt: staleUntil };
  const outcome = `stored${embedded === null ? '' : await addToIndex(asked, embedded, entry, ports)}`;
  if (state === null || isSameState(state, found.scopeState)) {
    return outcome;
  }
  const marked = await scopesFor(key, ports)?.setState(key.scope, state);
  return marked === undefined || marked.ok
    ? `${outcome}, scope ${state.kind}`
    : `${outcome}, scope not marked: ${marked.problem.detail}`;
}

/** What is to be told of it: nothing where all went well. An answer that is not in the index is found by its exact question. */
async function addToIndex(
  { key, request }: LookUp,
  embedded: NonNullable<Found['embedded']>,
  { content, sameAs, expiresAt }: { content: StoredContent; sameAs: number | null; expiresAt: number },
  ports: Ports,
): Promise<string> {
  if (!embedded.ok) {
    return ` without a vector: ${embedded.problem.kind}`;
  }
  const text = answerText(request.kind, content) ?? key.question;
  const answer = sameAs ?? toAnswer(await ports.digest(toEssence(text)));
  const entry = { question: key.question, vector: embedded.value.vector, answer, expiresAt };
  const appended = await scopesFor(key, ports)?.append(key.scope, [entry]);
  return appended === undefined || appended.ok ? '' : ` without a vector: ${appended.problem.detail}`;
}

/** 32 bits of a digest, so that nothing of an answer can be guessed from the index. */
function toAnswer(digest: string): number {
  const [a = 0, b = 0, c = 0, d = 0] = Array.from(
    atob(digest.slice(0, 8).replaceAll('-', '+').replaceAll('_', '/')),
    (one) => one.charCodeAt(0),
  );
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
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
  const whole = toCompletion(request.kind, content);
  if (whole === null) {
    return 'an event is no JSON';
  }
  return whyNotStorable(whole, request.controls);
}

/**
 * A refreshed answer was not looked up, so its scope's state is read now. Null where there is no index for it, and where
 * the state cannot be read and would be needed: a guess could close an index that is open.
 */
async function nextState(
  { split, key }: LookUp,
  { scopeState }: Found,
  ports: Ports,
): Promise<ReturnType<typeof afterQuestion> | null> {
  const read = scopeState === null ? await scopesFor(key, ports)?.state(key.scope) : succeed(scopeState);
  if (read === undefined || (!read.ok && split.isConversation)) {
    return null;
  }
  const known: ScopeState = read.ok ? read.value : { kind: 'unseen' };
  return afterQuestion(known, { question: key.question, isConversation: split.isConversation });
}

function isSameState(a: ScopeState, b: ScopeState | null): boolean {
  return a.kind === b?.kind && (a.kind !== 'seen' || b.kind !== 'seen' || a.question === b.question);
}
