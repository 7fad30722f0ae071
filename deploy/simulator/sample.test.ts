import { expect, test } from 'vitest';
import { z } from 'zod';
import type { JsonObject } from './json.ts';
import { toSample } from './sample.ts';

interface Tree {
  name: string;
  children: Tree[];
}

const tree: z.ZodType<Tree> = z.lazy(() => z.object({ name: z.string(), children: z.array(tree) }));

// Zod writes the schema and judges the sample, so that neither is ours.
test.each<[string, z.ZodType]>([
  ['an object', z.object({ city: z.string(), days: z.int(), warm: z.boolean(), note: z.string().nullable() })],
  ['enums and constants', z.object({ unit: z.enum(['C', 'F']), version: z.literal(2) })],
  [
    'bounds',
    z.object({ a: z.int().min(3).max(4), b: z.number().gt(1), c: z.number().max(-2), d: z.int().multipleOf(7) }),
  ],
  ['lengths', z.object({ short: z.string().max(5), long: z.string().min(200), list: z.array(z.int()).min(3) })],
  ['unions', z.union([z.object({ kind: z.literal('a') }), z.string()])],
  ['an intersection', z.object({ a: z.string() }).and(z.object({ b: z.int() }))],
  ['formats', z.object({ at: z.iso.datetime(), by: z.email(), id: z.uuid() })],
  ['recursion', tree],
])('toSample() satisfies a schema with %s', (_, schema) => {
  const sample = toSample(z.toJSONSchema(schema) as JsonObject, 'some text');
  expect(schema.parse(sample)).toEqual(sample);
});

test('toSample() puts the text into free strings', () => {
  const schema = { type: 'object', properties: { city: { type: 'string' } } };
  expect(toSample(schema, 'some text')).toEqual({ city: 'some text' });
});
