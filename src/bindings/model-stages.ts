/**
 * A model's stages as ONNX sessions. Loading reads one file after the other and drops its bytes once its session stands,
 * so that the peak stays near what is kept.
 */
import { fail } from '../contract/problem.ts';
import { chooseWasm, type ProviderChoice } from '../local/choose-provider.ts';
import type { Hidden } from '../local/hidden.ts';
import type { Memory } from '../local/make-room.ts';
import type { Manifest } from '../local/manifest.ts';
import type { Attempt } from './lazy.ts';
import { readUnlessAbandoned, type ModelFiles } from './model-files.ts';
import { ProviderFault } from './gpu-stage.ts';
import { createStage, type OnnxStage, type StageNames } from './onnx-sessions.ts';
import { createOn, tryProviders, type StageRuntime } from './try-providers.ts';

/** What the runtime takes of the heap before any session, measured. */
export const RUNTIME_HEAP_BYTES = 16 * 1024 * 1024;
/** What a stage takes of the heap, with what a run of 256 tokens needs, as a multiple of its file: 1.1 measured. */
const HEAP_FACTOR = 1.3;
const SAMPLE_TOKENS = 32;

export function stagesNeed({ stages, files, heapBytes }: Manifest): Memory {
  const bytes = stages.reduce((sum, { file }) => sum + (files[file]?.bytes ?? 0), 0);
  return { heapBytes: heapBytes ?? Math.ceil(HEAP_FACTOR * bytes), bufferBytes: 0 };
}

export interface LoadedStages {
  stages: OnnxStage[];
  choice: ProviderChoice;
}

/** Throws where a file is missing or wrong, or a session cannot be created on WebAssembly. */
export async function loadStages(
  manifest: Manifest,
  files: ModelFiles,
  attempt: Attempt,
  runtime: StageRuntime,
): Promise<LoadedStages> {
  const { takeTurn } = runtime;
  const stages: OnnxStage[] = [];
  const read = readUnlessAbandoned(manifest.name, files, attempt);
  attempt.free = () => takeTurn(() => releaseStages(stages));
  try {
    return { stages, choice: await loadAll(runtime) };
  } catch (error) {
    if (!(error instanceof ProviderFault)) {
      throw error;
    }
    await attempt.free();
    return { stages, choice: await loadAll({ ...runtime, gpu: fail(error.message) }) };
  }

  async function loadAll(on: StageRuntime): Promise<ProviderChoice> {
    let choice = chooseWasm('no stages');
    for (const [place, { file, input, output }] of manifest.stages.entries()) {
      const bytes = await read(file);
      const names = { input, output };
      if (place === 0) {
        const first = await tryProviders(bytes, names, sampleFor(manifest), on);
        stages.push(first.stage);
        choice = first.choice;
      } else {
        stages.push(await createNext(choice, bytes, names, on));
      }
    }
    return choice;
  }
}

function createNext(
  { provider }: ProviderChoice,
  bytes: Uint8Array,
  names: StageNames,
  on: StageRuntime,
): Promise<OnnxStage> {
  const { gpu, takeTurn, create = createStage } = on;
  return provider === 'webgpu' && gpu.ok
    ? createOn(gpu.value, bytes, names, on)
    : takeTurn(() => create(bytes, names, null));
}

/** An input such as the providers are compared on: an image, or a text as long as many are, of word vectors' values. */
function sampleFor(manifest: Manifest): Hidden {
  if (manifest.task === 'image-classification') {
    const { width, height, channels } = manifest.input;
    return waves(width * height, channels, 1);
  }
  return waves(SAMPLE_TOKENS, manifest.embedding.columns, 0.05);
}

function waves(tokens: number, width: number, scale: number): Hidden {
  const values = Float32Array.from({ length: tokens * width }, (_, at) => scale * Math.sin(at * (at % 7)));
  return { values, tokens, width };
}

/** Leaves the list empty: a second call does nothing. */
export async function releaseStages(stages: OnnxStage[]): Promise<void> {
  for (const stage of stages.splice(0)) {
    await stage.release();
  }
}
