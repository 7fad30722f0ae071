/**
 * The manifest of a model in the model repository: what it takes and gives, its files and their digests. Pure.
 * Parsed once at start: a bad manifest throws an Error that names the model, the field, what was expected and what was
 * received.
 */
import type { z } from 'zod';
import { manifestShape } from './manifest-shape.ts';

/**
 * `createdAt`: seconds since the epoch. `maxTokens` counts special tokens too; `vocabulary` is the number of token ids,
 * which start at 0. `files.*.from`: the model in whose folder the file lies, where that is another.
 */
export type Manifest = z.infer<typeof manifestShape>;
export type EmbeddingManifest = Extract<Manifest, { task: 'embedding' }>;

/**
 * `ramps`: where a request can leave, each after a stage. `tasks.*.classifiers`: see `classifiers.ts`.
 * `tasks.*.costs`: how long each stage and each ramp takes, measured in workerd on inputs of the task's usual size;
 * in any unit, since only their ratios count.
 * `tasks.*.settings`: thresholds by ramp (null: off) whose disagreement with the full model is certified to stay under
 * `bound`.
 */
export type ClassificationManifest = Extract<Manifest, { task: 'classification' }>;

type Check = [field: string, value: unknown, isRight: boolean, expectation: string];

export function parseManifest<T extends Manifest['task']>(json: unknown, task: T): Extract<Manifest, { task: T }>;
export function parseManifest(json: unknown): Manifest;
export function parseManifest(json: unknown, task?: Manifest['task']): Manifest {
  const parsed = manifestShape.safeParse(json, { reportInput: true });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw broken(json, issue?.path.join('.') ?? '', issue?.message ?? 'expected a manifest', issue?.input);
  }
  const manifest = parsed.data;
  if (task !== undefined && manifest.task !== task) {
    throw broken(json, 'task', `expected ${task}`, manifest.task);
  }
  const checks = manifest.task === 'embedding' ? embeddingChecks(manifest) : classificationChecks(manifest);
  for (const [field, value, isRight, expectation] of [...commonChecks(manifest), ...checks]) {
    if (!isRight) {
      throw broken(json, field, `expected ${expectation}`, value);
    }
  }
  return manifest;
}

/** By ramp: the index of the stage after which it lies. */
export function rampStages({ ramps, stages }: ClassificationManifest): number[] {
  return ramps.map(({ after }) => stages.findIndex(({ file }) => file === after));
}

function commonChecks({ input, embedding, stages, files }: Manifest): Check[] {
  const listed = (field: string, file: string): Check => [
    field,
    file,
    files[file] !== undefined,
    'a file that is listed under files',
  ];
  return [
    listed('input.tokenizer', input.tokenizer),
    listed('input.tokenizerConfig', input.tokenizerConfig),
    listed('embedding.table', embedding.table),
    listed('embedding.scales', embedding.scales),
    ...stages.map((stage, i) => listed(`stages.${i}.file`, stage.file)),
    equal('embedding.rows', embedding.rows, input.vocabulary),
    equal(`files.${embedding.table}.bytes`, files[embedding.table]?.bytes, embedding.rows * embedding.columns),
    equal(`files.${embedding.scales}.bytes`, files[embedding.scales]?.bytes, embedding.rows * 4),
  ];
}

function embeddingChecks({ output, embedding }: EmbeddingManifest): Check[] {
  return [equal('output.dimensions', output.dimensions, embedding.columns)];
}

function classificationChecks(manifest: ClassificationManifest): Check[] {
  const { ramps, stages, tasks, files, embedding } = manifest;
  const places = rampStages(manifest);
  const isInOrder = (ramp: number, stage: number): boolean =>
    stage > (places[ramp - 1] ?? -1) && stage < stages.length - 1;
  return [
    ...ramps.map(({ after }, ramp): Check => {
      const isRight = isInOrder(ramp, places[ramp] ?? -1);
      return [`ramps.${ramp}.after`, after, isRight, "the stages' files in order, without the last"];
    }),
    ...Object.entries(tasks).flatMap(([name, { labels, rampUnits, classifiers, settings, costs }]): Check[] => [
      [`tasks.${name}.labels`, labels, new Set(labels).size === labels.length, 'each label once'],
      equal(
        `files.${classifiers}.bytes`,
        files[classifiers]?.bytes,
        4 * countWeights({ ramps: ramps.length, width: embedding.columns, units: rampUnits, classes: labels.length }),
      ),
      equal(`tasks.${name}.costs.stages.length`, costs.stages.length, stages.length),
      equal(`tasks.${name}.costs.ramps.length`, costs.ramps.length, ramps.length),
      ...settings.map(({ thresholds }, i) =>
        equal(`tasks.${name}.settings.${i}.thresholds.length`, thresholds.length, ramps.length),
      ),
    ]),
  ];
}

export interface ClassifierSizes {
  ramps: number;
  /** Of the hidden state. */
  width: number;
  /** Of a ramp's middle layer. */
  units: number;
  classes: number;
}

/** The numbers in a task's file of classifiers. */
export function countWeights({ ramps, width, units, classes }: ClassifierSizes): number {
  const ramp = width + units * 2 * width + units + classes * units + classes;
  return ramps * ramp + classes * width + classes;
}

function equal(field: string, value: number | undefined, expected: number): Check {
  return [field, value, value === expected, String(expected)];
}

function broken(json: unknown, field: string, expectation: string, received: unknown): Error {
  const name = typeof json === 'object' && json !== null && 'name' in json ? String(json.name) : 'unnamed';
  const shown = JSON.stringify(received)?.slice(0, 100) ?? 'nothing';
  return new Error(`model ${name}: manifest field ${field || '(root)'}: ${expectation}, received ${shown}`);
}
