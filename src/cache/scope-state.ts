/**
 * Which scopes earn an index. A scope with one question lives in the exact tier alone; the second distinct question
 * opens its index. A scope without an answer in its history is shared by many conversations' first turns and is opened
 * by its first question; so a million conversations cost a million small keys, not a million indexes. Pure.
 */
import type { ScopeState } from '../contract/ports.ts';

export function afterQuestion(
  state: ScopeState,
  { question, isConversation }: { question: string; isConversation: boolean },
): Exclude<ScopeState, { kind: 'unseen' }> {
  if (state.kind === 'open' || !isConversation) {
    return { kind: 'open' };
  }
  if (state.kind === 'seen' && state.question !== question) {
    return { kind: 'open' };
  }
  return { kind: 'seen', question };
}
