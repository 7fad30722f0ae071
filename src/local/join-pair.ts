/** Two texts' token ids in one sequence. Pure. */
import type { ClassifyFault } from '../contract/ports.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';

export interface JoinedPair {
  /** `[CLS] first [SEP] second [SEP]`. */
  ids: number[];
  /** The place of the second's first token. */
  from: number;
}

/** The classifier token and the separator. */
const SPECIAL_TOKENS = 2;

/** `first` and `second` are whole, each from the classifier token to the separator. */
export function joinPair(
  first: readonly number[],
  second: readonly number[],
  { maxTokens }: { maxTokens: number },
): Result<JoinedPair, Extract<ClassifyFault, { kind: 'empty' | 'too-long' }>> {
  if (Math.min(first.length, second.length) <= SPECIAL_TOKENS) {
    return fail({ kind: 'empty' });
  }
  const ids = [...first, ...second.slice(1)];
  return ids.length > maxTokens
    ? fail({ kind: 'too-long', tokens: ids.length, maxTokens })
    : succeed({ ids, from: first.length });
}
