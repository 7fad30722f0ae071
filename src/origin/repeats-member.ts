/**
 * Finds a member that occurs twice at the top level of a JSON object's text. JSON.parse takes the last of them, some other
 * parsers the first: what was checked here need not be what an origin reads. Pure.
 */

const ESCAPED_LETTER = /\\u00[4-7]/i;

/**
 * `text` is valid JSON, `name` of ASCII letters. Looks closer, in one pass, only where the name occurs twice or a letter is
 * escaped.
 */
export function repeatsMember(text: string, name: string): boolean {
  const quoted = `"${name}"`;
  const first = text.indexOf(quoted);
  const mayRepeat = text.indexOf(quoted, first + 1) > first || ESCAPED_LETTER.test(text);
  return mayRepeat && countMembers(text, name) > 1;
}

function countMembers(text: string, name: string): number {
  let depth = 0;
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '{' || char === '[') {
      depth += 1;
    } else if (char === '}' || char === ']') {
      depth -= 1;
    } else if (char === '"') {
      const end = endOfString(text, at);
      count += depth === 1 && isKey(text, end) && isText(text.slice(at, end), name) ? 1 : 0;
      at = end - 1;
    }
  }
  return count;
}

/** Behind its closing quote: the next one that an even number of backslashes precedes. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text[quote - 1 - slashes] === '\\') {
      slashes += 1;
    }
    if (slashes % 2 === 0) {
      return quote + 1;
    }
  }
  return text.length;
}

/** Behind a key stands a colon, behind a value never. */
function isKey(text: string, end: number): boolean {
  let at = end;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') {
    at += 1;
  }
  return text[at] === ':';
}

/** An escaped letter takes six characters. */
function isText(quoted: string, name: string): boolean {
  return quoted.length <= 6 * name.length + 2 && JSON.parse(quoted) === name;
}
