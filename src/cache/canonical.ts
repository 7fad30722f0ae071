/**
 * One text for each JSON value, whatever the order of its keys: what fingerprints are made of. Pure.
 * Follows the ordering rule of RFC 8785 (keys by UTF-16 code units); numbers are written as JavaScript writes them.
 * Throws a RangeError for a value nested so deeply that the stack ends; `http/` refuses such bodies before.
 */
import { isJsonObject, type Json } from '../contract/json.ts';

export function canonicalise(value: Json): string {
  if (Array.isArray(value)) {
    return `[${value.map(canonicalise).join(',')}]`;
  }
  if (isJsonObject(value)) {
    const members = Object.keys(value)
      .toSorted()
      .map((key) => `${JSON.stringify(key)}:${canonicalise(value[key] ?? null)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

/**
 * The numbers of a JSON text as written, in their order, as far as parsing rounds or overflows them (integers beyond
 * 2^53, 1e400): without them two different requests would have one text.
 */
export function inexactNumbers(raw: string): string[] {
  const found: string[] = [];
  JSON.parse(raw, (_key, value: Json, context?: { source?: string }) => {
    if (typeof value === 'number' && !isExact(value)) {
      found.push(context?.source ?? String(value));
    }
    return value;
  });
  return found;
}

/** False where a number was rounded or overflowed as it was parsed. */
export function isExact(value: Json): boolean {
  if (typeof value === 'number') {
    return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
  }
  return typeof value !== 'object' || value === null || Object.values(value).every(isExact);
}
