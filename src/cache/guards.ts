/**
 * Guards of near hits: what a cosine cannot see and what changes the answer. Two questions may only share an answer
 * when they hold the same numbers and the same negations. They refuse; they never accept. Pure.
 */

/** Digits with what belongs to them: `1,000.50`, `48213`, `3.5`, `10:30`, `2026-11-21`. */
const NUMBER = /\d+(?:[.,:/-]\d+)*/g;

const NUMBER_WORDS =
  /\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|first|second|third|half|double|triple)\b/g;

const NEGATION = /\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|except|excluding)\b|n['’]t\b/g;

/** The first guard that refuses, by name; null where none does. */
export function findConflict(asked: string, answered: string): 'numbers' | 'negation' | null {
  if (!areSame(numbersIn(asked), numbersIn(answered))) {
    return 'numbers';
  }
  return areSame(matches(asked, NEGATION).map(toNegation), matches(answered, NEGATION).map(toNegation))
    ? null
    : 'negation';
}

function numbersIn(text: string): string[] {
  return [...matches(text, NUMBER).map((number) => number.replaceAll(',', '')), ...matches(text, NUMBER_WORDS)];
}

/** "do not", "don't" and "cannot" deny alike; "without" and "except" are words of their own. */
function toNegation(word: string): string {
  return /^(?:not|cannot|n['’]t)$/.test(word) ? 'not' : word;
}

function matches(text: string, pattern: RegExp): string[] {
  return text.normalize('NFKC').toLowerCase().match(pattern) ?? [];
}

function areSame(a: readonly string[], b: readonly string[]): boolean {
  const [left, right] = [a.toSorted(), b.toSorted()];
  return left.length === right.length && left.every((item, at) => item === right[at]);
}
