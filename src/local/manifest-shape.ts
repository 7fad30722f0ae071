/**
 * The shapes of a model's manifest, one for each task. Fields that nothing here reads (accuracy, latency) may be there
 * and are left out of the result.
 */
import { z } from 'zod';

const size = z.int().positive();
const fileName = z.string().regex(/^[\w.-]+$/, 'expected a file name without folders');
const modelName = z.string().regex(/^[\w.-]+$/, 'expected letters, digits, dots and dashes');

const stage = { file: fileName, input: z.string().min(1), output: z.string().min(1), blocks: size };

const anyModel = {
  name: modelName,
  version: z.string().min(1),
  licence: z.string().min(1),
  createdAt: z.int().nonnegative(),
  heapBytes: size.optional(),
  files: z.record(
    fileName,
    z.object({
      bytes: size,
      sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits'),
      from: modelName.optional(),
    }),
  ),
};

const words = {
  tokenizer: fileName,
  tokenizerConfig: fileName,
  maxTokens: z.int().min(3),
  clsId: z.int().nonnegative(),
  sepId: z.int().nonnegative(),
  vocabulary: size,
};
const table = { table: fileName, scales: fileName, rows: size, columns: size };

const textModel = {
  ...anyModel,
  input: z.object({ kind: z.literal('text'), ...words }),
  embedding: z.object(table),
  stages: z.array(z.object(stage)).min(1),
};

const pairModel = {
  ...textModel,
  input: z.object({ kind: z.literal('text-pair'), ...words }),
  embedding: z.object({ ...table, second: fileName }),
};

/** By channel: red, green, blue. */
const channelNumbers = z.tuple([z.number(), z.number(), z.number()]);

const imageModel = {
  ...anyModel,
  input: z.object({
    kind: z.literal('image'),
    width: size,
    height: size,
    channels: z.literal(3),
    mean: channelNumbers,
    std: channelNumbers.refine((values) => values.every((value) => value > 0), 'expected numbers above 0'),
  }),
  stages: z.array(z.object({ ...stage, width: size })).min(1),
};

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);

const taskShape = z.object({
  labels: z.array(z.string().min(1)).min(2),
  classifiers: fileName,
  pooling: z.tuple([z.literal('mean'), z.literal('query')], z.literal('query')),
  rampUnits: size,
  costs: z.object({ stages: z.array(z.number().positive()), ramps: z.array(z.number().nonnegative()) }),
  settings: z.array(
    z.object({
      bound: share,
      confidence: share,
      thresholds: z.array(share.nullable()),
      calibrated: z.object({ rows: size, misses: z.int().nonnegative() }),
      traffic: z
        .object({ sentinel: count, edges: z.array(share), bins: z.array(count), exits: z.array(count) })
        .nullish(),
    }),
  ),
});

const classifying = {
  ramps: z.array(z.object({ after: fileName.nullable(), blocks: z.int().nonnegative() })),
  tasks: z.record(modelName, taskShape).refine((tasks) => Object.keys(tasks).length > 0, 'expected at least one task'),
};

export const manifestShape = z.discriminatedUnion('task', [
  z.object({
    ...textModel,
    task: z.literal('embedding'),
    /** Of the whole model in the Worker, by tokens. */
    latencyMs: z.record(z.string().regex(/^\d+$/), z.number().min(0)).default({}),
    output: z.object({ dimensions: size, pooling: z.literal('mean'), normalise: z.literal(true) }),
  }),
  z.object({ ...textModel, ...classifying, task: z.literal('classification') }),
  z.object({ ...pairModel, ...classifying, task: z.literal('pair-classification') }),
  z.object({ ...imageModel, ...classifying, task: z.literal('image-classification') }),
]);
