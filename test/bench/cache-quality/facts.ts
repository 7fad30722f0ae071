/** What the guards and the verifier say of two of a stream's rows, found once a pair. */
import type { Verify } from '../verify-pairs.ts';
import type { FactsOf } from './ours.ts';
import { findDifferences } from './pair-facts.ts';
import type { StreamRow } from './read-sets.ts';

/** Null facts: the guards refuse, and the verifier is not asked. */
export function createFacts(rows: readonly StreamRow[], verify: Verify | null): FactsOf {
  const known = new Map<number, ReturnType<FactsOf>>();
  return (row, candidate) => {
    const key = row * rows.length + candidate;
    const facts = known.get(key) ?? find(rows[row]?.text ?? '', rows[candidate]?.text ?? '');
    known.set(key, facts);
    return facts;
  };

  async function find(asked: string, answered: string): ReturnType<FactsOf> {
    const found = findDifferences(asked, answered);
    if (found.isRefused) {
      return null;
    }
    const logit = verify === null ? null : await verify(asked, answered);
    return { logit, hints: found.hints, lengths: [asked.length, answered.length] };
  }
}
