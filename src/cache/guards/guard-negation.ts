/** Negation: how often each question denies, by words of denial and by prefixes whose stem the other question has. Pure. */
import type { Finding } from './finding.ts';
import { AFTER_EMPTY, BEFORE_EMPTY, NEGATORS, withoutPrefix } from './lexicon-negation.ts';
import type { Comparison, Reading } from './reading.ts';

export function findNegation({ asked, answered, isClose }: Comparison): Finding {
  const denied = Math.abs(countDenials(asked) - countDenials(answered));
  const opposed = Math.abs(countPrefixed(asked, answered) - countPrefixed(answered, asked));
  // "not safe" and "unsafe" say the same.
  const difference = opposed > 0 && denied > 0 ? Math.abs(denied - opposed) : denied;
  const conflicts = (denied === 0 ? opposed : 0) + (isClose ? difference : 0);
  return { conflicts, hints: isClose ? 0 : difference };
}

/** "or not", "or why not" leave a question as it is, "not only" affirms. */
function countDenials({ sequence }: Reading): number {
  return sequence.filter(({ text }, at) => {
    const [before, after] = [sequence[at - 1]?.text ?? '', sequence[at + 1]?.text ?? ''];
    return NEGATORS.has(text) && !(text === 'not' && (BEFORE_EMPTY.has(before) || AFTER_EMPTY.has(after)));
  }).length;
}

/** Words whose stem, without the prefix that denies, the other question has in their place. */
function countPrefixed({ sequence, words }: Reading, other: Reading): number {
  return sequence.filter(({ text }, at) => {
    const after = sequence[at + 1]?.text ?? '';
    const isDashed = text === 'non' && other.words.has(after) && !other.words.has('non');
    return (
      isDashed ||
      (!NEGATORS.has(text) &&
        !other.words.has(text) &&
        withoutPrefix(text).some((stem) => other.words.has(stem) && !words.has(stem)))
    );
  }).length;
}
