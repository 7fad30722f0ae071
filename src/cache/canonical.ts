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
