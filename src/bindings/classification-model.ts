/**
 * A classification model: an input to its first state, through the stages until a ramp is sure enough. One part of memory holds the
 * trunk, one each task's classifiers.
 */
import type { Classification, ClassifyFault, ClassifyOptions } from '../contract/ports.ts';
import { succeed, type Result } from '../contract/problem.ts';
import { classify, type Finish } from '../local/classify.ts';
import { rampStages, type StagedManifest } from '../local/manifest.ts';
import { createModelInput, type StagedInput } from './model-input.ts';
import type { ModelParts } from './model-parts.ts';
import type { Background } from './model-pool.ts';
import type { OnnxStage } from './onnx-sessions.ts';

export interface ClassificationModel {
  /**
   * Blocks the isolate's thread while stages run; others get their turn between inputs, and between the stages that run
   * after an answer. Throws where the model cannot be loaded.
   */
  classify(
    task: string,
    input: StagedInput,
    options: ClassifyOptions,
    background: Background,
  ): Promise<Result<Classification, ClassifyFault>>;
  isLoaded(): boolean;
}

export function createClassificationModel(manifest: StagedManifest, parts: ModelParts): ClassificationModel {
  const first = createModelInput(manifest, parts);
  const stages = parts.stages(manifest);
  const classifiers = new Map(Object.keys(manifest.tasks).map((task) => [task, parts.classifiers(manifest, task)]));
  const places = rampStages(manifest);

  return {
    classify: (task, input, options, background) =>
      first.use(input, options, background, async ({ state, tokens, wasTruncated }) => {
        const part = classifiers.get(task);
        if (part === undefined) {
          throw new Error(`model ${manifest.name}: expected a task of its own, received ${task}`);
        }
        return stages.use(background, (sessions) =>
          part.use(background, async (found) => {
            const model = { ...found, stages: sessions, rampStages: places };
            const outcome = await parts.takeTurn(() => classify(model, state, options));
            const { verdict, exit, confidences, finish } = outcome;
            return succeed({
              ...verdict,
              exit,
              confidences,
              tokens,
              wasTruncated,
              finish: finish === null ? null : finishing(finish, sessions),
            });
          }),
        );
      }),
    isLoaded: () => stages.loaded !== null,
  };

  function finishing(finish: Finish, sessions: readonly OnnxStage[]): NonNullable<Classification['finish']> {
    return async () => {
      try {
        return await stages.useIfKept(sessions, () => finish(parts.takeTurn));
      } catch {
        // Feedback that cannot be had is no feedback.
        return null;
      }
    };
  }
}
