/** The parts of the repository's models, each in the pool once: a part that two models name is one part. */
import { parseClassifiers, type Classifiers } from '../local/classifiers.ts';
import type { ClassificationManifest, Manifest } from '../local/manifest.ts';
import type { TensorManifest } from '../local/tensors/manifest.ts';
import { createModelFiles, readUnlessAbandoned } from './model-files.ts';
import type { ModelPool, Part } from './model-pool.ts';
import { loadStages, releaseStages, stagesNeed } from './model-stages.ts';
import type { OnnxStage } from './onnx-sessions.ts';
import { loadTensorSession, type TensorSession } from './tensor-sessions.ts';
import { loadTextInput, textNeed, type TextInput } from './text-input.ts';
import { createTurns, type TakeTurn } from './turns.ts';

export interface ModelParts {
  pool: ModelPool;
  /** One for the isolate's one thread. */
  takeTurn: TakeTurn;
  text(manifest: Manifest): Part<TextInput>;
  stages(manifest: Manifest): Part<readonly OnnxStage[]>;
  classifiers(manifest: ClassificationManifest, task: string): Part<Classifiers>;
  tensors(manifest: TensorManifest): Part<TensorSession>;
}

/** `assets` serves `/models/<name>/<file>`. */
export function createModelParts(assets: Pick<Fetcher, 'fetch'>, pool: ModelPool): ModelParts {
  const texts = new Map<string, Part<TextInput>>();
  return { pool, takeTurn: createTurns(), text, stages, classifiers, tensors };

  function text(manifest: Manifest): Part<TextInput> {
    const { embedding, input, files } = manifest;
    const named = [embedding.table, embedding.scales, input.tokenizer, input.tokenizerConfig];
    const key = named.map((file) => files[file]?.sha256).join();
    const part =
      texts.get(key) ??
      pool.createPart({
        name: `${manifest.name}/text`,
        need: textNeed(manifest),
        load: (attempt) => loadTextInput(manifest, createModelFiles(manifest, assets), attempt),
        release: () => Promise.resolve(),
      });
    texts.set(key, part);
    return part;
  }

  function stages(manifest: Manifest): Part<readonly OnnxStage[]> {
    return pool.createPart({
      name: `${manifest.name}/stages`,
      need: stagesNeed(manifest),
      load: (attempt) => loadStages(manifest, createModelFiles(manifest, assets), attempt),
      release: releaseStages,
    });
  }

  function classifiers(manifest: ClassificationManifest, name: string): Part<Classifiers> {
    const { files, ramps, embedding } = manifest;
    const task = manifest.tasks[name];
    if (task === undefined) {
      throw new Error(
        `model ${manifest.name}: expected one of ${Object.keys(manifest.tasks).join()}, received ${name}`,
      );
    }
    const sizes = {
      ramps: ramps.length,
      width: embedding.columns,
      units: task.rampUnits,
      classes: task.labels.length,
    };
    return pool.createPart({
      name: `${manifest.name}/${name}`,
      need: { heapBytes: 0, bufferBytes: files[task.classifiers]?.bytes ?? 0 },
      load: async (attempt) => {
        const read = readUnlessAbandoned(manifest.name, createModelFiles(manifest, assets), attempt);
        return parseClassifiers((await read(task.classifiers)).buffer, sizes);
      },
      release: () => Promise.resolve(),
    });
  }

  function tensors(manifest: TensorManifest): Part<TensorSession> {
    return pool.createPart({
      name: `${manifest.name}/stages`,
      need: { heapBytes: manifest.heapBytes, bufferBytes: 0 },
      load: (attempt) => loadTensorSession(manifest, createModelFiles(manifest, assets), attempt),
      release: (session) => session.release(),
    });
  }
}
