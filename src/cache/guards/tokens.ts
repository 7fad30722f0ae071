/** A text's words, numbers and signs in order, and what stands between quotes. Linear in the text's length. Pure. */

export interface Word {
  kind: 'word';
  /** In lower case, without apostrophes: `dont`, `whats`; a possessive is without its `'s`. */
  text: string;
  startsUpper: boolean;
  /** All of its letters are capitals, and there are at least two. */
  isUpper: boolean;
  startsSentence: boolean;
  isPossessive: boolean;
}

export interface Digits {
  kind: 'digits';
  /** With what belongs to it: `1,000.50`, `2026-11-21`, `10:30`, `1/2`; of `5-10` and `500,1000` each is its own. */
  text: string;
}

/** One that guards look at: `$`, `€`, `%`, `°`, a comma, … */
export interface Sign {
  kind: 'sign';
  text: string;
}

export type Token = Word | Digits | Sign;

/** Letters and digits part: `5kg` is 5 and kg, `iPhone7` is iphone and 7. `C++`, `C#` and `F#` are words. */
const TOKEN = new RegExp(
  [
    String.raw`\d{1,4}(?:-\d{1,2}-|/\d{1,2}/|\.\d{1,2}\.)\d{1,4}(?![\d.])`,
    String.raw`\d{1,2}:\d{2}(?::\d{2})?(?!\d)`,
    String.raw`\d/\d(?![\d/])`,
    String.raw`\d+(?:[,\u00a0\u202f_]\d{2,3}(?!\d))*(?:\.\d+)*`,
    String.raw`(?<![\p{L}\d.])[UuEe]\.\s?[SsKkUu]\.(?:\s?[Aa]\.)?`,
    String.raw`\p{L}[\p{L}\p{M}]*(?:['’]\p{L}+)?(?:\+\+|#(?![\p{L}\d]))?`,
    String.raw`[$€£¥₹%°&,;:?!.+*/<>=\n-]`,
  ].join('|'),
  'gu',
);
const SENTENCE_END = new Set(['.', '?', '!', ':', '\n']);
const POSSESSIVE = /['’]s$/;
const NOT_POSSESSIVE = new Set([
  'what',
  'who',
  'how',
  'where',
  'when',
  'why',
  'it',
  'that',
  'there',
  'here',
  'let',
  'he',
  'she',
]);
/** Straight, curly, low and angled quotes, and code between backticks. Bounded, so that a lone quote costs little. */
const QUOTED =
  /"([^"\n]{1,400})"|“([^”\n]{1,400})”|«([^»\n]{1,400})»|„([^“”\n]{1,400})[“”]|```([^`]{1,4000})```|`([^`\n]{1,400})`|(?<![\p{L}\d])['‘]([^'’\n]{2,80})['’](?![\p{L}\d])/gu;
const QUOTE = /["“«„`'‘]/;

export function toTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let startsSentence = true;
  for (const [found] of text.matchAll(TOKEN)) {
    const token = toToken(found, startsSentence);
    tokens.push(token.kind === 'word' ? toCountry(token, tokens.at(-1)) : token);
    startsSentence = token.kind === 'sign' ? startsSentence || SENTENCE_END.has(token.text) : false;
  }
  return tokens;
}

/** What is inside quotes or backticks, in order, without white space around it. */
export function readQuoted(text: string): string[] {
  return QUOTE.test(text)
    ? [...text.matchAll(QUOTED)].map((match) => (match.slice(1).find((inner) => inner !== undefined) ?? '').trim())
    : [];
}

/** The United States are no pronoun: in capitals, with dots, or after an article. */
function toCountry(word: Word, before: Token | undefined): Word {
  const isMeant = word.isUpper || (before?.kind === 'word' && before.text === 'the');
  return word.text === 'us' && isMeant ? { ...word, text: 'usa' } : word;
}

function toToken(found: string, startsSentence: boolean): Token {
  if (/^\d/.test(found)) {
    return { kind: 'digits', text: found };
  }
  if (!/^\p{L}/u.test(found)) {
    return { kind: 'sign', text: found };
  }
  const isDotted = /^\p{L}\./u.test(found);
  const lower = isDotted ? found.toLowerCase().replaceAll(/[.\s]/g, '') : found.toLowerCase();
  const stem = lower.replace(POSSESSIVE, '');
  const isPossessive = stem !== lower && !NOT_POSSESSIVE.has(stem);
  return {
    kind: 'word',
    text: isPossessive ? stem : lower.replaceAll(/['’]/g, ''),
    startsUpper: /^\p{Lu}/u.test(found),
    isUpper: isDotted || (found.length > 1 && found === found.toUpperCase() && lower !== found),
    startsSentence,
    isPossessive,
  };
}
