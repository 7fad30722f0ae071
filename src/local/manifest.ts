/**
 * The manifest of a model in the model repository: what it takes and gives, its files and their digests. Pure.
 * Parsed once at start: a bad manifest throws an Error that names the model, the field, what was expected and what was
 * received.
 */
import type { z } from 'zod';
import { manifestShape } from './manifest-shape.ts';

/**
 * `createdAt`: seconds since the epoch. `files.*.from`: the model in whose folder the file lies, where that is another.
 * `heapBytes`: what stages and a run take of the WebAssembly heap, where that was measured.
 */
export type Manifest = z.infer<typeof manifestShape>;
export type EmbeddingManifest = Extract<Manifest, { task: 'embedding' }>;
/** `maxTokens` counts special tokens too; `vocabulary` is the number of token ids, which start at 0. */
export type TextManifest = Extract<Manifest, { input: { kind: 'text' } }>;
/**
 * Two texts in one sequence, `[CLS] first [SEP] second [SEP]`. `embedding.second`: the file of a vector, float32 [columns],
 * that is added to the rows of all that follows the first separator.
 */
export type PairManifest = Extract<Manifest, { input: { kind: 'text-pair' } }>;
/**
 * Images are brought to `width` x `height`; `mean` and `std` are by channel, of values from 0 to 255. `stages.*.width` is
 * that of the state the stage gives.
 */
export type ImageManifest = Extract<Manifest, { input: { kind: 'image' } }>;

/**
 * `ramps`: where a request can leave, each after a stage, or with `after` null before the first, on the input's own state;
 * `blocks` of the model have run by then. `tasks.*.classifiers`: see `classifiers.ts`.
 * `tasks.*.pooling`: what a ramp sees of a state: the mean, then one weighted mean a query.
 * `tasks.*.costs`: how long each stage and each ramp takes on inputs of the task's usual size, measured on the
 * WebAssembly kernels; in any unit, since only their ratios count.
 * `tasks.*.settings`: thresholds by ramp (null: off) whose disagreement with the full model is certified to stay under
 * `bound`, and what the rows looked like that certified them: counts by bin of the confidence at the ramp `sentinel`, and
 * by exit.
 */
export type ClassificationManifest = Extract<Manifest, { task: 'classification' | 'image-classification' }>;
/** All that classify in stages with ramps, whether requests may name their tasks or not. */
export type StagedManifest = ClassificationManifest | PairManifest;
type TaskManifest = StagedManifest['tasks'][string];

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
  for (const [field, value, isRight, expectation] of checksOf(manifest)) {
    if (!isRight) {
      throw broken(json, field, `expected ${expectation}`, value);
    }
  }
  return manifest;
}

/** By ramp: the index of the stage after which it lies; -1 before the first. */
export function rampStages({ ramps, stages }: StagedManifest): number[] {
  return ramps.map(({ after }) => stages.findIndex(({ file }) => file === after));
}

/** What the task's file of classifiers holds. */
export function classifierSizes(
  manifest: StagedManifest,
  { rampUnits, labels, pooling }: TaskManifest,
): ClassifierSizes {
  const widths = stageWidths(manifest);
  return {
    rampWidths: rampStages(manifest).map((stage) => (stage < 0 ? inputWidth(manifest) : (widths[stage] ?? 0))),
    width: widths.at(-1) ?? 0,
    queries: pooling.length - 1,
    units: rampUnits,
    classes: labels.length,
  };
}

/** The largest state that classifiers are handed, as estimated: images' states are taken to grow to four times their input. */
export function stateBytes(manifest: StagedManifest): number {
  const { input } = manifest;
  return input.kind === 'image'
    ? 4 * 4 * input.width * input.height * inputWidth(manifest)
    : 4 * input.maxTokens * inputWidth(manifest);
}

function inputWidth(manifest: StagedManifest): number {
  return manifest.task === 'image-classification' ? manifest.input.channels : manifest.embedding.columns;
}

/** By stage: the width of the state it gives. */
function stageWidths(manifest: StagedManifest): number[] {
  return manifest.task === 'image-classification'
    ? manifest.stages.map(({ width }) => width)
    : manifest.stages.map(() => manifest.embedding.columns);
}

function checksOf(manifest: Manifest): Check[] {
  switch (manifest.task) {
    case 'embedding':
      return [...stageChecks(manifest), ...textChecks(manifest), ...embeddingChecks(manifest)];
    case 'classification':
      return [...stageChecks(manifest), ...textChecks(manifest), ...classificationChecks(manifest)];
    case 'pair-classification':
      return [
        ...stageChecks(manifest),
        ...textChecks(manifest),
        ...pairChecks(manifest),
        ...classificationChecks(manifest),
      ];
    case 'image-classification':
      return [...stageChecks(manifest), ...classificationChecks(manifest)];
  }
}

function stageChecks({ stages, files }: Manifest): Check[] {
  return stages.map(({ file }, i) => listed(`stages.${i}.file`, file, files));
}

function listed(field: string, file: string, files: Manifest['files']): Check {
  return [field, file, files[file] !== undefined, 'a file that is listed under files'];
}

function textChecks({ input, embedding, files }: TextManifest | PairManifest): Check[] {
  return [
    listed('input.tokenizer', input.tokenizer, files),
    listed('input.tokenizerConfig', input.tokenizerConfig, files),
    listed('embedding.table', embedding.table, files),
    listed('embedding.scales', embedding.scales, files),
    equal('embedding.rows', embedding.rows, input.vocabulary),
    equal(`files.${embedding.table}.bytes`, files[embedding.table]?.bytes, embedding.rows * embedding.columns),
    equal(`files.${embedding.scales}.bytes`, files[embedding.scales]?.bytes, embedding.rows * 4),
  ];
}

function pairChecks({ embedding: { second, columns }, files }: PairManifest): Check[] {
  return [equal(`files.${second}.bytes`, files[second]?.bytes, columns * 4)];
}

function embeddingChecks({ output, embedding }: EmbeddingManifest): Check[] {
  return [equal('output.dimensions', output.dimensions, embedding.columns)];
}

function classificationChecks(manifest: StagedManifest): Check[] {
  const { ramps, stages, tasks, files } = manifest;
  const places = rampStages(manifest);
  const isInOrder = (ramp: number, stage: number): boolean =>
    stage > (places[ramp - 1] ?? -2) && stage < stages.length - 1;
  return [
    ...ramps.map(({ after }, ramp): Check => {
      const stage = places[ramp] ?? -1;
      const isRight = (after === null || stage >= 0) && isInOrder(ramp, stage);
      return [`ramps.${ramp}.after`, after, isRight, "null, then the stages' files in order, without the last"];
    }),
    ...ramps.map(({ blocks }, ramp): Check => {
      const before = stages.slice(0, (places[ramp] ?? -1) + 1);
      return equal(
        `ramps.${ramp}.blocks`,
        blocks,
        before.reduce((sum, stage) => sum + stage.blocks, 0),
      );
    }),
    ...Object.entries(tasks).flatMap(([name, task]): Check[] => [
      [`tasks.${name}.labels`, task.labels, new Set(task.labels).size === task.labels.length, 'each label once'],
      equal(
        `files.${task.classifiers}.bytes`,
        files[task.classifiers]?.bytes,
        4 * countWeights(classifierSizes(manifest, task)),
      ),
      equal(`tasks.${name}.costs.stages.length`, task.costs.stages.length, stages.length),
      equal(`tasks.${name}.costs.ramps.length`, task.costs.ramps.length, ramps.length),
      ...task.settings.flatMap(({ thresholds, traffic }, i): Check[] => {
        const field = `tasks.${name}.settings.${i}`;
        return [
          equal(`${field}.thresholds.length`, thresholds.length, ramps.length),
          ...(traffic === null || traffic === undefined
            ? []
            : ([
                [
                  `${field}.traffic.sentinel`,
                  traffic.sentinel,
                  traffic.sentinel < ramps.length,
                  'the number of a ramp',
                ],
                [`${field}.traffic.edges`, traffic.edges, isRising(traffic.edges), 'numbers that rise'],
                equal(`${field}.traffic.bins.length`, traffic.bins.length, traffic.edges.length + 1),
                equal(`${field}.traffic.exits.length`, traffic.exits.length, ramps.length + 1),
              ] satisfies Check[])),
        ];
      }),
    ]),
  ];
}

export interface ClassifierSizes {
  /** By ramp: the width of the state it sees. */
  rampWidths: readonly number[];
  /** Of the state that the head sees. */
  width: number;
  /** A ramp's weighted means. */
  queries: number;
  /** Of a ramp's middle layer. */
  units: number;
  classes: number;
}

/** The numbers in a task's file of classifiers. */
export function countWeights({ rampWidths, width, queries, units, classes }: ClassifierSizes): number {
  const ramps = rampWidths.map(
    (seen) => queries * seen + units * (1 + queries) * seen + units + classes * units + classes,
  );
  return ramps.reduce((sum, count) => sum + count, 0) + classes * width + classes;
}

function isRising(values: readonly number[]): boolean {
  return values.every((value, at) => at === 0 || value > (values[at - 1] ?? value));
}

function equal(field: string, value: number | undefined, expected: number): Check {
  return [field, value, value === expected, String(expected)];
}

function broken(json: unknown, field: string, expectation: string, received: unknown): Error {
  const name = typeof json === 'object' && json !== null && 'name' in json ? String(json.name) : 'unnamed';
  const shown = JSON.stringify(received)?.slice(0, 100) ?? 'nothing';
  return new Error(`model ${name}: manifest field ${field || '(root)'}: ${expectation}, received ${shown}`);
}
