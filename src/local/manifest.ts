/**
 * The manifest of a model in the model repository: what it takes and gives, its files and their digests. Pure.
 * Parsed once at start: a bad manifest throws an Error that names the model, the field, what was expected and what was
 * received. Fields that nothing here reads (ramps, accuracy, latency) may be there and are left out of the result.
 */
import { z } from 'zod';

const size = z.int().positive();
const fileName = z.string().regex(/^[\w.-]+$/, 'expected a file name without folders');

const shape = z.object({
  name: z.string().regex(/^[\w.-]+$/, 'expected letters, digits, dots and dashes'),
  version: z.string().min(1),
  task: z.literal('embedding'),
  licence: z.string().min(1),
  createdAt: z.int().nonnegative(),
  input: z.object({
    kind: z.literal('text'),
    tokenizer: fileName,
    tokenizerConfig: fileName,
    maxTokens: z.int().min(3),
    clsId: z.int().nonnegative(),
    sepId: z.int().nonnegative(),
    vocabulary: size,
  }),
  embedding: z.object({ table: fileName, scales: fileName, rows: size, columns: size }),
  stages: z
    .array(z.object({ file: fileName, input: z.string().min(1), output: z.string().min(1), blocks: size }))
    .min(1),
  output: z.object({ dimensions: size, pooling: z.literal('mean'), normalise: z.literal(true) }),
  files: z.record(
    fileName,
    z.object({ bytes: size, sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits') }),
  ),
});

/**
 * `createdAt`: seconds since the epoch. `maxTokens` counts special tokens too; `vocabulary` is the number of token ids,
 * which start at 0.
 */
export type Manifest = z.infer<typeof shape>;

export function parseManifest(json: unknown): Manifest {
  const parsed = shape.safeParse(json, { reportInput: true });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw broken(json, issue?.path.join('.') ?? '', issue?.message ?? 'expected a manifest', issue?.input);
  }
  const manifest = parsed.data;
  for (const [field, file] of filesNamedIn(manifest)) {
    if (manifest.files[file] === undefined) {
      throw broken(json, field, 'expected a file that is listed under files', file);
    }
  }
  for (const [field, value, expected] of sizesThatAgree(manifest)) {
    if (value !== expected) {
      throw broken(json, field, `expected ${expected}`, value);
    }
  }
  return manifest;
}

function filesNamedIn({ input, embedding, stages }: Manifest): [field: string, file: string][] {
  return [
    ['input.tokenizer', input.tokenizer],
    ['input.tokenizerConfig', input.tokenizerConfig],
    ['embedding.table', embedding.table],
    ['embedding.scales', embedding.scales],
    ...stages.map((stage, i): [string, string] => [`stages.${i}.file`, stage.file]),
  ];
}

function sizesThatAgree({
  input,
  embedding,
  output,
  files,
}: Manifest): [field: string, value: number, expected: number][] {
  return [
    ['embedding.rows', embedding.rows, input.vocabulary],
    ['output.dimensions', output.dimensions, embedding.columns],
    [`files.${embedding.table}.bytes`, files[embedding.table]?.bytes ?? 0, embedding.rows * embedding.columns],
    [`files.${embedding.scales}.bytes`, files[embedding.scales]?.bytes ?? 0, embedding.rows * 4],
  ];
}

function broken(json: unknown, field: string, expectation: string, received: unknown): Error {
  const name = typeof json === 'object' && json !== null && 'name' in json ? String(json.name) : 'unnamed';
  const shown = JSON.stringify(received)?.slice(0, 100) ?? 'nothing';
  return new Error(`model ${name}: manifest field ${field || '(root)'}: ${expectation}, received ${shown}`);
}
