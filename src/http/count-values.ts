/**
 * Counts a JSON text's values before it is parsed: ten megabytes of `[],[],…` would take hundreds as objects. Looks at
 * commas and opening brackets outside texts alone, so it is no parser: a broken text is left for the parser to refuse.
 * An empty list or object counts twice. Pure, linear, and done at the first value too many.
 */
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** The longest name of a field that is told back. */
const MAX_FIELD_LENGTH = 100;

/** Null for at most `maxValues` values, else the body's field in which that was passed, null where it has no name. */
export function findExcess(raw: string, maxValues: number): { field: string | null } | null {
  let values = 0;
  let depth = 0;
  let text = '';
  let field: string | null = null;
  for (let at = 0; at < raw.length; at += 1) {
    switch (raw.charCodeAt(at)) {
      case QUOTE: {
        const end = endOfText(raw, at);
        // Only the body's own fields are named.
        text = depth === 1 && end - at <= MAX_FIELD_LENGTH ? raw.slice(at + 1, end) : '';
        at = end;
        break;
      }
      case COLON:
        if (depth === 1) {
          field = text;
        }
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        depth += 1;
        values += 1;
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth -= 1;
        break;
      case COMMA:
        values += 1;
        break;
      default:
        break;
    }
    if (values > maxValues) {
      return { field: field === '' ? null : field };
    }
  }
  return null;
}

/** Where the text that begins at `start` has its closing quote; the end of `raw` where there is none. */
function endOfText(raw: string, start: number): number {
  for (let end = raw.indexOf('"', start + 1); end !== -1; end = raw.indexOf('"', end + 1)) {
    let escapes = 0;
    while (raw.charCodeAt(end - 1 - escapes) === BACKSLASH) {
      escapes += 1;
    }
    if (escapes % 2 === 0) {
      return end;
    }
  }
  return raw.length;
}
