/** Opposites: one question has the word, the other its opposite, and neither has both. Pure. */
import type { Finding } from './finding.ts';
import { OPPOSITES, toBase } from './lexicon-antonyms.ts';
import type { Comparison, Reading } from './reading.ts';

export function findAntonyms({ asked, answered }: Comparison): Finding {
  const [one, other] = [basesOf(asked), basesOf(answered)];
  const opposed = [...one].filter(
    (word) =>
      !other.has(word) && (OPPOSITES.get(word) ?? []).some((opposite) => other.has(opposite) && !one.has(opposite)),
  );
  return { conflicts: opposed.length, hints: 0 };
}

/** Base forms that have an opposite, of single words and of two words together ("turn on"). */
function basesOf(reading: Reading): Set<string> {
  const words = reading.sequence;
  const bases = new Set<string>();
  for (const [at, { text }] of words.entries()) {
    const base = toBase(text);
    const pair = `${base ?? text} ${words[at + 1]?.text ?? ''}`;
    for (const one of [base, OPPOSITES.has(pair) ? pair : null]) {
      if (one !== null) {
        bases.add(one);
      }
    }
  }
  return bases;
}
