/**
 * A model's stages as ONNX sessions. Loading reads one file after the other and drops its bytes once its session stands,
 * so that the peak stays near what is kept.
 */
import type { Memory } from '../local/make-room.ts';
import type { Manifest } from '../local/manifest.ts';
import type { Attempt } from './lazy.ts';
import { readUnlessAbandoned, type ModelFiles } from './model-files.ts';
import { createStage, type OnnxStage } from './onnx-sessions.ts';

/** What the runtime takes of the heap before any session, measured. */
export const RUNTIME_HEAP_BYTES = 16 * 1024 * 1024;
/** What a stage takes of the heap, with what a run of 256 tokens needs, as a multiple of its file: 1.1 measured. */
const HEAP_FACTOR = 1.3;

export function stagesNeed({ stages, files }: Manifest): Memory {
  const bytes = stages.reduce((sum, { file }) => sum + (files[file]?.bytes ?? 0), 0);
  return { heapBytes: Math.ceil(HEAP_FACTOR * bytes), bufferBytes: 0 };
}

/** Throws where a file is missing or wrong, or a session cannot be created. */
export async function loadStages(manifest: Manifest, files: ModelFiles, attempt: Attempt): Promise<OnnxStage[]> {
  const stages: OnnxStage[] = [];
  const read = readUnlessAbandoned(manifest.name, files, attempt);
  attempt.free = () => releaseStages(stages);
  for (const { file, input, output } of manifest.stages) {
    stages.push(await createStage(await read(file), { input, output }));
  }
  return stages;
}

/** Leaves the list empty: a second call does nothing. */
export async function releaseStages(stages: OnnxStage[]): Promise<void> {
  for (const stage of stages.splice(0)) {
    await stage.release();
  }
}
