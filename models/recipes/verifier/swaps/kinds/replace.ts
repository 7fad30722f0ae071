/** Puts one word for another in a sentence, and keeps how it was written. Pure. */

/** Whole words, in any case; no word begins or ends inside another, nor inside `C++` or `node.js`. */
export function wordPattern(words: readonly string[]): RegExp {
  const longestFirst = words.toSorted((a, b) => b.length - a.length).map(escape);
  return new RegExp(String.raw`(?<![\w+#-])(?:${longestFirst.join('|')})(?![\w+#-])`, 'gi');
}

export interface Place {
  at: number;
  word: string;
}

export function findPlaces(text: string, pattern: RegExp): Place[] {
  return [...text.matchAll(pattern)].map((match) => ({ at: match.index, word: match[0] }));
}

export function replaceAt(text: string, { at, word }: Place, other: string): string {
  return text.slice(0, at) + likeCase(word, other) + text.slice(at + word.length);
}

/** `other` with the capitals of `word`: "Buy" gives "Sell", "paris" gives "london"; a name keeps its own elsewhere. */
function likeCase(word: string, other: string): string {
  const isLower = word === word.toLowerCase();
  const startsUpper = /^\p{Lu}/u.test(word);
  if (isLower) {
    return other.toLowerCase();
  }
  return startsUpper ? other.charAt(0).toUpperCase() + other.slice(1) : other;
}

function escape(word: string): string {
  return word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
