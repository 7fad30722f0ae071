/**
 * A small value that satisfies a JSON Schema, for structured answers and tool arguments. Knows the keywords that
 * OpenAI's strict mode allows, bounds and local references; `pattern` and unknown formats are not honoured. Pure.
 */
import type { Json, JsonObject } from './json.ts';
import { isJsonObject } from './json.ts';

/** `text` fills free strings. */
export function toSample(schema: JsonObject, text: string): Json {
  return sample(schema, { root: schema, text, depth: 0 });
}

interface Context {
  root: JsonObject;
  text: string;
  depth: number;
}

/** Beyond it, optional properties and items stay away, so that recursive schemas end. */
const MAX_DEPTH = 4;
/** Where even the required parts never end. */
const HARD_DEPTH = 32;

const FORMATS: Record<string, string> = {
  date: '2025-01-01',
  time: '00:00:00Z',
  'date-time': '2025-01-01T00:00:00Z',
  duration: 'PT1S',
  email: 'simulator@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

function sample(schema: Json | undefined, context: Context): Json {
  if (!isJsonObject(schema) || context.depth > HARD_DEPTH) {
    return null;
  }
  const deeper = { ...context, depth: context.depth + 1 };
  if (schema['const'] !== undefined) {
    return schema['const'];
  }
  if (Array.isArray(schema['enum'])) {
    return schema['enum'][0] ?? null;
  }
  if (typeof schema['$ref'] === 'string') {
    return sample(resolve(context.root, schema['$ref']), deeper);
  }
  if (Array.isArray(schema['allOf'])) {
    return sample(merge(schema, schema['allOf']), deeper);
  }
  const alternatives = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(alternatives)) {
    return sample(pickAlternative(alternatives, context.depth), deeper);
  }
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  if (type === 'object' || isJsonObject(schema['properties'])) {
    return sampleObject(schema, deeper);
  }
  if (type === 'array') {
    return sampleArray(schema, deeper);
  }
  if (type === 'integer' || type === 'number') {
    return sampleNumber(schema, type);
  }
  if (type === 'boolean') {
    return true;
  }
  return type === 'null' ? null : sampleString(schema, context.text);
}

function sampleObject(schema: JsonObject, context: Context): JsonObject {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const properties = isJsonObject(schema['properties']) ? Object.entries(schema['properties']) : [];
  const kept = properties.filter(([name]) => context.depth <= MAX_DEPTH || required.includes(name));
  return Object.fromEntries(kept.map(([name, property]) => [name, sample(property, context)]));
}

function sampleArray(schema: JsonObject, context: Context): Json[] {
  const least = numberOr(schema['minItems'], 0);
  const length = context.depth <= MAX_DEPTH ? Math.max(least, Math.min(1, numberOr(schema['maxItems'], 1))) : least;
  return Array.from({ length }, () => sample(schema['items'], context));
}

function sampleNumber(schema: JsonObject, type: 'integer' | 'number'): number {
  const step = type === 'integer' ? 1 : 0.5;
  const least = numberOr(schema['minimum'], numberOr(schema['exclusiveMinimum'], -step) + step);
  const most = numberOr(schema['maximum'], numberOr(schema['exclusiveMaximum'], Infinity) - step);
  const multiple = numberOr(schema['multipleOf'], type === 'integer' ? 1 : 0);
  const value = Math.min(Math.max(least, 0), most);
  if (multiple <= 0) {
    return value;
  }
  return value === most ? Math.floor(value / multiple) * multiple : Math.ceil(value / multiple) * multiple;
}

function sampleString(schema: JsonObject, text: string): string {
  const format = typeof schema['format'] === 'string' ? FORMATS[schema['format']] : undefined;
  if (format !== undefined) {
    return format;
  }
  return text.slice(0, numberOr(schema['maxLength'], Infinity)).padEnd(numberOr(schema['minLength'], 0), '.');
}

/** Deep down, an alternative without references ends the recursion. */
function pickAlternative(alternatives: Json[], depth: number): Json | undefined {
  if (depth <= MAX_DEPTH) {
    return alternatives[0];
  }
  return alternatives.find((entry) => !JSON.stringify(entry).includes('"$ref"')) ?? alternatives[0];
}

function merge(schema: JsonObject, parts: Json[]): JsonObject {
  const { allOf: _, ...own } = schema;
  const objects = [own, ...parts.filter(isJsonObject)];
  const properties = objects.map((part) => part['properties']).filter(isJsonObject);
  const required = objects.flatMap((part) => (Array.isArray(part['required']) ? part['required'] : []));
  const merged: JsonObject = Object.assign({}, ...objects, { required });
  return properties.length === 0 ? merged : { ...merged, properties: Object.assign({}, ...properties) };
}

/** Of a JSON Pointer into the same schema, such as `#/$defs/step`. */
function resolve(root: JsonObject, reference: string): Json | undefined {
  let found: Json | undefined = root;
  for (const segment of reference.split('/').slice(1)) {
    const name = segment.replaceAll('~1', '/').replaceAll('~0', '~');
    found = isJsonObject(found) ? found[name] : undefined;
  }
  return found;
}

function numberOr(value: Json | undefined, fallback: number): number {
  return typeof value === 'number' ? value : fallback;
}
