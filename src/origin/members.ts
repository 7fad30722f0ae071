/**
 * Members at the top level of a JSON object's text, where they are written. JSON.parse takes the last of two of one name, some other
 * parsers the first: what was checked here need not be what an origin reads. Pure; one pass.
 */

const ESCAPED_LETTER = /\\u00[4-7]/i;

/**
 * `text` is valid JSON, `name` of ASCII letters. Looks closer only where the name occurs twice or a letter is escaped.
 */
export function repeatsMember(text: string, name: string): boolean {
  const quoted = `"${name}"`;
  const first = text.indexOf(quoted);
  const mayRepeat = text.indexOf(quoted, first + 1) > first || ESCAPED_LETTER.test(text);
  return mayRepeat && [...valuesOf(text, name)].length > 1;
}

/** The text with another value, a text, in place of the member's first one, which is a text as well. All else stays as it is. */
export function replaceMember(text: string, name: string, value: string): string {
  const start = valuesOf(text, name).next().value;
  return typeof start === 'number'
    ? text.slice(0, start) + JSON.stringify(value) + text.slice(endOfString(text, start))
    : text;
}

/** Where the member's values begin. */
function* valuesOf(text: string, name: string): Generator<number, void> {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '{' || char === '[') {
      depth += 1;
    } else if (char === '}' || char === ']') {
      depth -= 1;
    } else if (char === '"') {
      const end = endOfString(text, at);
      const colon = skipBlanks(text, end);
      // Behind a key stands a colon, behind a value never.
      if (depth === 1 && text[colon] === ':' && isText(text.slice(at, end), name)) {
        yield skipBlanks(text, colon + 1);
      }
      at = end - 1;
    }
  }
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

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') {
    at += 1;
  }
  return at;
}

/** An escaped letter takes six characters. */
function isText(quoted: string, name: string): boolean {
  return quoted.length <= 6 * name.length + 2 && JSON.parse(quoted) === name;
}
