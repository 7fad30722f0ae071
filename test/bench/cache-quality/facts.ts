/** What the guards say of two of a stream's rows, found once a pair. */
import { findConflict } from '../../../src/cache/guards.ts';
import type { FactsOf } from './ours.ts';
import type { StreamRow } from './read-sets.ts';

/** Null: the guards refuse. Without a verifier: its logit is null. */
export function createFacts(rows: readonly StreamRow[]): FactsOf {
  const known = new Map<number, ReturnType<FactsOf>>();
  return (row, candidate) => {
    const key = row * rows.length + candidate;
    const before = known.get(key);
    if (before !== undefined) {
      return before;
    }
    const [asked, answered] = [rows[row]?.text ?? '', rows[candidate]?.text ?? ''];
    const isRefused = findConflict(asked, answered) !== null;
    const facts = isRefused ? null : { logit: null, hints: 0, lengths: [asked.length, answered.length] as const };
    known.set(key, facts);
    return facts;
  };
}
