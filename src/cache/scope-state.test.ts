import { describe, expect, test } from 'vitest';
import type { ScopeState } from '../contract/ports.ts';
import { afterQuestion } from './scope-state.ts';

const UNSEEN: ScopeState = { kind: 'unseen' };
const SEEN: ScopeState = { kind: 'seen', question: 'a' };
const OPEN: ScopeState = { kind: 'open' };

describe('afterQuestion()', () => {
  test.each<[string, ScopeState, string, boolean, ScopeState]>([
    ['opens a single turn at its first question', UNSEEN, 'a', false, OPEN],
    ['opens a single turn that was seen', SEEN, 'a', false, OPEN],
    ['notes the first question of a conversation', UNSEEN, 'a', true, SEEN],
    ['keeps a conversation closed to the same question', SEEN, 'a', true, SEEN],
    ['opens a conversation at its second question', SEEN, 'b', true, OPEN],
    ['never closes a conversation', OPEN, 'a', true, OPEN],
    ['never closes a single turn', OPEN, 'a', false, OPEN],
  ])('%s', (_name, state, question, isConversation, expected) => {
    expect(afterQuestion(state, { question, isConversation })).toEqual(expected);
  });
});
