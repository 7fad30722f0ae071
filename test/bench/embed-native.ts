/** The same stage files, table and pooling on ONNX Runtime's native build, one thread, one run after the other. */
import { gatherRows } from '../../src/local/embedding-table.ts';
import type { EmbeddingManifest } from '../../src/local/manifest.ts';
import { meanPool, normalise } from '../../src/local/pool.ts';
import { runToEnd } from '../../src/local/run-stages.ts';
import { loadNativeStages, readTable } from './native-stages.ts';

export interface NativeModel {
  /** Milliseconds for all inputs, one after the other; special tokens are already in them. */
  time(inputs: readonly (readonly number[])[]): Promise<number>;
  /** The vector of one input, of unit length; special tokens are already in it. */
  embed(ids: readonly number[]): Promise<Float32Array>;
}

export async function loadNativeModel(manifest: EmbeddingManifest, folder: string): Promise<NativeModel> {
  const table = readTable(manifest, folder);
  const stages = await loadNativeStages(manifest, folder);
  const embed = async (ids: readonly number[]): Promise<Float32Array> =>
    normalise(meanPool(await runToEnd(stages, gatherRows(table, ids))));
  return {
    embed,
    time: async (inputs) => {
      const since = performance.now();
      for (const ids of inputs) {
        await embed(ids);
      }
      return performance.now() - since;
    },
  };
}
