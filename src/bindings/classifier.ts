/**
 * The Classifier port: the repository's classification models, each loaded when it is first asked for. Compose creates
 * one for each isolate, outside any request, and takes a port from it for each request.
 */
import type { ClassificationTask, Classifier } from '../contract/ports.ts';
import { fail } from '../contract/problem.ts';
import type { ProviderChoice } from '../local/choose-provider.ts';
import type { ClassificationManifest } from '../local/manifest.ts';
import { createClassificationModel } from './classification-model.ts';
import type { ModelParts } from './model-parts.ts';
import type { Background } from './model-pool.ts';
import { createOpenCalls } from './open-calls.ts';

export interface LocalClassifier {
  readonly tasks: readonly ClassificationTask[];
  /** `background` keeps the request alive for work, as ExecutionContext.waitUntil does. */
  forRequest(background: Background): Classifier;
  status(task: ClassificationTask): ClassifierStatus;
}

export interface ClassifierStatus {
  isLoaded: boolean;
  /** Of the model's stages, and how it was chosen. */
  provider: ProviderChoice;
  /** The WebAssembly heap of all models of the isolate; null before one is loaded. */
  heapBytes: number | null;
  /** Heap and buffers of all models of the isolate. */
  totalBytes: number;
}

/** Throws an Error where two models name the same task. */
export function createClassifier({
  manifests,
  parts,
}: {
  manifests: readonly ClassificationManifest[];
  parts: ModelParts;
}): LocalClassifier {
  const tasks = manifests.flatMap(toTasks);
  const twice = tasks.find(({ name }, at) => tasks.findIndex((other) => other.name === name) < at);
  if (twice !== undefined) {
    throw new Error(`model ${twice.model}: expected a task that no other model has, received ${twice.name}`);
  }
  const models = new Map(manifests.map((manifest) => [manifest.name, createClassificationModel(manifest, parts)]));
  const calls = createOpenCalls();

  return {
    tasks,
    forRequest: (background) => ({
      tasks,
      backlog: () => calls.count(),
      async classify(task, input, options) {
        const model = models.get(task.model);
        if (model === undefined) {
          throw new Error(`classify: expected a task of ${[...models.keys()].join()}, received one of ${task.model}`);
        }
        const leave = calls.enter();
        try {
          return await model.classify(task.name, input, options, background);
        } catch (error) {
          return fail({ kind: 'unavailable', detail: error instanceof Error ? error.message : String(error) });
        } finally {
          leave();
        }
      },
    }),
    status(task) {
      const { heapBytes, totalBytes } = parts.pool.status();
      return {
        isLoaded: models.get(task.model)?.isLoaded() ?? false,
        provider: parts.providerOf({ name: task.model }),
        heapBytes,
        totalBytes,
      };
    },
  };
}

function toTasks({ name: model, version, tasks, ramps, input }: ClassificationManifest): ClassificationTask[] {
  return Object.entries(tasks).map(([name, { labels }]) => ({
    name,
    model,
    version,
    labels,
    ramps: ramps.length,
    takes: input.kind,
    maxTokens: input.kind === 'text' ? input.maxTokens : 0,
  }));
}
