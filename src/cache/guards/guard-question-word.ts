/** What is asked: a reason, a way, a time, a place, a person, a count. Wordings of one kind ("how come", "why") are one. Pure. */
import { NOTHING, type Finding } from './finding.ts';
import type { Comparison, Reading } from './reading.ts';

type Asking =
  | 'why'
  | 'way'
  | 'when'
  | 'where'
  | 'who'
  | 'count'
  | 'amount'
  | 'age'
  | 'size'
  | 'often'
  | 'duration'
  | 'distance'
  | 'what';

/** In the order in which they are tried; the first that fits says what is asked. The text is words apart by one space. */
const ASKINGS: readonly (readonly [Asking, RegExp])[] = [
  ['count', /\b(?:how many|number of)\b/],
  ['amount', /\b(?:how much|how expensive|whats the (?:price|cost)|what is the (?:price|cost)|what does \S+ cost)\b/],
  ['age', /\b(?:how old|what age|what is the age)\b/],
  ['often', /\bhow (?:often|frequently)\b/],
  ['duration', /\b(?:how long|how much time)\b/],
  ['distance', /\bhow (?:far|deep|wide)\b/],
  ['size', /\bhow (?:tall|big|large|heavy|fast|high)\b/],
  [
    'why',
    /\b(?:why|how come|what makes|for what reason|(?:what (?:is|are|was|were)|whats) the (?:\w+ )?reasons?|what causes?)\b/,
  ],
  [
    'when',
    /\b(?:when (?:is|are|was|were|do|does|did|will|can|should|to)|what time|what date|(?:what|which) (?:year|day|month))\b/,
  ],
  ['where', /\b(?:where|(?:what|which) (?:place|country|city|state))\b/],
  ['who', /(?:^|[.?!,:;\n] |\b(?:know|me|say|wondering|explain) )(?:who|whos|whose|by whom|which person)\b/],
  [
    'way',
    /\b(?:how (?:do|does|did|can|could|to|would|should|i|we|one|you)|(?:what (?:is|are)|whats|which (?:is|are)) (?:\w+ ){0,4}(?:ways?|steps|process|method))\b/,
  ],
  ['what', /\b(?:what|whats|which)\b/],
];
/** "What is a way to" and "how do I" ask the same. Between questions that are alike but for a word another question word asks something else; otherwise wordings vary. */
export function findQuestionWord({ asked, answered, isNear }: Comparison): Finding {
  const [one, other] = [askingOf(asked), askingOf(answered)];
  if (one === other || one === null || other === null) {
    return NOTHING;
  }
  const isWay = [one, other].every((asking) => asking === 'what' || asking === 'way');
  return !isWay && isNear ? { conflicts: 1, hints: 0 } : { conflicts: 0, hints: 1 };
}

/** The first that is asked; of two at one place the one that stands first above. */
function askingOf({ tokens }: Reading): Asking | null {
  const text = tokens
    .slice(0, MAX_TOKENS)
    .map((token) => token.text)
    .join(' ');
  let first: { asking: Asking; at: number } | null = null;
  for (const [asking, pattern] of ASKINGS) {
    const at = text.search(pattern);
    if (at >= 0 && (first === null || at < first.at)) {
      first = { asking, at };
    }
  }
  return first?.asking ?? null;
}

/** What is asked stands near the beginning. */
const MAX_TOKENS = 60;
