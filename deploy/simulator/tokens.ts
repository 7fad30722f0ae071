/**
 * The simulator's tokenizer. A token is a run of at most twelve word characters (letters, digits, `_`, and all beyond
 * ASCII) or one other character, with the white space before it; white space at the end is one token. Joined again,
 * the tokens are the text. Pure; counts differ from a real model's, but grow alike.
 */

const MAX_WORD_CHARACTERS = 12;

export function splitTokens(text: string): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = findTokenEnd(text, at);
    tokens.push(text.slice(at, end));
    at = end;
  }
  return tokens;
}

export function countTokens(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; count++) {
    at = findTokenEnd(text, at);
  }
  return count;
}

/** Where the token that begins at `start` ends; `start` must be inside the text. */
export function findTokenEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && isSpace(text.charCodeAt(at))) {
    at++;
  }
  if (at === text.length) {
    return at;
  }
  if (!isWord(text.charCodeAt(at))) {
    return at + 1;
  }
  const limit = Math.min(text.length, at + MAX_WORD_CHARACTERS);
  while (at < limit && isWord(text.charCodeAt(at))) {
    at++;
  }
  const isInsidePair = at < text.length && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
  return isInsidePair && (text.charCodeAt(at) & 0xfc00) === 0xdc00 ? at + 1 : at;
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code > 127
  );
}
