/** The parts of the repository's models, each in the pool once: a part that two models name is one part. */
import { fail } from '../contract/problem.ts';
import { chooseWasm, type ProviderChoice } from '../local/choose-provider.ts';
import { createClassifiers, type Classifiers } from '../local/classifiers.ts';
import {
  classifierSizes,
  stateBytes,
  type Manifest,
  type PairManifest,
  type StagedManifest,
} from '../local/manifest.ts';
import type { TensorManifest } from '../local/tensors/manifest.ts';
import { createGpuAccess, NO_WEBGPU, type GpuAccess } from './gpu.ts';
import { createImageDecoders, DECODERS_NEED, type ImageDecoders } from './image-decoder.ts';
import { createJpegDecoder } from './jpeg-decoder.ts';
import { createKernel } from './kernel.ts';
import { createModelFiles, readUnlessAbandoned } from './model-files.ts';
import type { ModelPool, Part } from './model-pool.ts';
import { loadStages, releaseStages, stagesNeed } from './model-stages.ts';
import type { OnnxStage } from './onnx-sessions.ts';
import { createPngDecoder } from './png-decoder.ts';
import { loadTensorSession, type TensorSession } from './tensor-sessions.ts';
import { loadTextInput, textNeed, type TextInput, type WordsManifest } from './text-input.ts';
import type { StageRuntime } from './try-providers.ts';
import { createTurns, type TakeTurn } from './turns.ts';
import { withFallback } from './with-fallback.ts';

export interface ModelParts {
  pool: ModelPool;
  /** One for the isolate's one thread. */
  takeTurn: TakeTurn;
  text(manifest: WordsManifest): Part<TextInput>;
  /** The vector that marks the second text's words. */
  second(manifest: PairManifest): Part<Float32Array>;
  /** One for all models. */
  images(): Part<ImageDecoders>;
  stages(manifest: Manifest): Part<readonly OnnxStage[]>;
  classifiers(manifest: StagedManifest, task: string): Part<Classifiers>;
  tensors(manifest: TensorManifest): Part<TensorSession>;
  /** What runs the model's stages, or would if they were loaded now. */
  providerOf(manifest: Pick<Manifest, 'name'>): ProviderChoice;
}

export interface ModelPartsOptions {
  gpu?: GpuAccess;
  /** For stages, other than ONNX Runtime's and the rule's own. */
  runtime?: Pick<StageRuntime, 'create' | 'choose' | 'gpuDeadlineMs'>;
}

/** `assets` serves `/models/<name>/<file>`. */
export function createModelParts(
  assets: Pick<Fetcher, 'fetch'>,
  pool: ModelPool,
  { gpu = createGpuAccess(), runtime = {} }: ModelPartsOptions = {},
): ModelParts {
  const texts = new Map<string, Part<TextInput>>();
  let decoders: Part<ImageDecoders> | null = null;
  const takeTurn = createTurns();
  const choices = new Map<string, ProviderChoice>();
  return { pool, takeTurn, text, second, images, stages, classifiers, tensors, providerOf };

  function providerOf({ name }: Pick<Manifest, 'name'>): ProviderChoice {
    return choices.get(name) ?? chooseWasm(gpu.isThere ? 'not loaded yet' : NO_WEBGPU);
  }

  function text(manifest: WordsManifest): Part<TextInput> {
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

  function second(manifest: PairManifest): Part<Float32Array> {
    const { name, embedding, files } = manifest;
    return pool.createPart({
      name: `${name}/second`,
      need: { heapBytes: 0, bufferBytes: files[embedding.second]?.bytes ?? 0 },
      load: async (attempt) => {
        const read = readUnlessAbandoned(name, createModelFiles(manifest, assets), attempt);
        return new Float32Array((await read(embedding.second)).buffer);
      },
      release: () => Promise.resolve(),
    });
  }

  function images(): Part<ImageDecoders> {
    decoders ??= pool.createPart({
      name: 'images',
      need: DECODERS_NEED,
      load: () => Promise.resolve(createImageDecoders({ jpeg: createJpegDecoder, png: createPngDecoder })),
      release: () => Promise.resolve(),
    });
    return decoders;
  }

  function stages(manifest: Manifest): Part<readonly OnnxStage[]> {
    const { name } = manifest;
    // A model that failed on WebGPU stays away from it.
    let refusal: string | null = null;
    const part = pool.createPart({
      name: `${name}/stages`,
      need: stagesNeed(manifest),
      load: async (attempt) => {
        const on = { ...runtime, takeTurn, gpu: refusal === null ? await gpu.open() : fail(refusal) };
        const loaded = await loadStages(manifest, createModelFiles(manifest, assets), attempt, on);
        choices.set(name, loaded.choice);
        return loaded.stages;
      },
      release: (loaded) => takeTurn(() => releaseStages(loaded)),
    });
    return withFallback(part, (reason) => {
      refusal = reason;
    });
  }

  function classifiers(manifest: StagedManifest, name: string): Part<Classifiers> {
    const { files } = manifest;
    const task = manifest.tasks[name];
    if (task === undefined) {
      throw new Error(
        `model ${manifest.name}: expected one of ${Object.keys(manifest.tasks).join()}, received ${name}`,
      );
    }
    const sizes = classifierSizes(manifest, task);
    return pool.createPart({
      name: `${manifest.name}/${name}`,
      need: { heapBytes: 0, bufferBytes: (files[task.classifiers]?.bytes ?? 0) + stateBytes(manifest) },
      load: async (attempt) => {
        const read = readUnlessAbandoned(manifest.name, createModelFiles(manifest, assets), attempt);
        return createClassifiers((await read(task.classifiers)).buffer, sizes, createKernel);
      },
      release: () => Promise.resolve(),
    });
  }

  function tensors(manifest: TensorManifest): Part<TensorSession> {
    return pool.createPart({
      name: `${manifest.name}/stages`,
      need: { heapBytes: manifest.heapBytes, bufferBytes: 0 },
      load: (attempt) => loadTensorSession(manifest, createModelFiles(manifest, assets), attempt, takeTurn),
      release: (session) => takeTurn(() => session.release()),
    });
  }
}
