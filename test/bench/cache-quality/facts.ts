/** What the guards and the verifier say of two of a stream's rows, found once a pair. */
import type { PairFacts } from '../../../src/contract/trust.ts';
import type { Verify } from '../verify-pairs.ts';
import { findDifferences } from './pair-facts.ts';
import type { StreamRow } from './read-sets.ts';

/** Of the question in `row` and the one in `candidate`. */
export interface StreamFacts {
  /** Without the verifier's logit; null where the guards refuse the pair. */
  factsOf(row: number, candidate: number): PairFacts | null;
  /** The verifier's; null where there is none. */
  logitOf(row: number, candidate: number): Promise<number | null>;
}

export function createFacts(rows: readonly StreamRow[], verify: Verify | null): StreamFacts {
  const facts = new Map<number, PairFacts | null>();
  const logits = new Map<number, Promise<number | null>>();
  const textOf = (row: number): string => rows[row]?.text ?? '';
  return {
    factsOf: (row, candidate) => {
      const key = row * rows.length + candidate;
      const known = facts.get(key);
      const found = known === undefined ? find(textOf(row), textOf(candidate)) : known;
      facts.set(key, found);
      return found;
    },

    logitOf: (row, candidate) => {
      if (verify === null) {
        return Promise.resolve(null);
      }
      const key = row * rows.length + candidate;
      const logit = logits.get(key) ?? verify(textOf(row), textOf(candidate));
      logits.set(key, logit);
      return logit;
    },
  };
}

function find(asked: string, answered: string): PairFacts | null {
  const { isRefused, hints } = findDifferences(asked, answered);
  return isRefused ? null : { logit: null, hints, lengths: [asked.length, answered.length] };
}
