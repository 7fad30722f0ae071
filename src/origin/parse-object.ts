/** Reads text that should be a JSON object, as origins send it. Pure. */
import { isJsonObject, type JsonObject } from '../contract/json.ts';

/** Null where the text is no JSON, or JSON of another type. */
export function parseObject(text: string): JsonObject | null {
  try {
    const json: unknown = JSON.parse(text);
    return isJsonObject(json) ? json : null;
  } catch {
    return null;
  }
}
