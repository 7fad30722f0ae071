/** The same stage files, table and pooling on ONNX Runtime's native build, one thread, one run after the other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { gatherRows, type EmbeddingTable } from '../../src/local/embedding-table.ts';
import type { EmbeddingManifest } from '../../src/local/manifest.ts';
import { meanPool, normalise } from '../../src/local/pool.ts';
import { runToEnd, type StageSession } from '../../src/local/run-stages.ts';

export interface NativeModel {
  /** Milliseconds for all inputs, one after the other; special tokens are already in them. */
  time(inputs: readonly (readonly number[])[]): Promise<number>;
  /** The vector of one input, of unit length; special tokens are already in it. */
  embed(ids: readonly number[]): Promise<Float32Array>;
}

export async function loadNativeModel(manifest: EmbeddingManifest, folder: string): Promise<NativeModel> {
  const table = readTable(manifest, folder);
  const stages = await Promise.all(
    manifest.stages.map((stage) => loadStage(join(folder, stage.file), stage.input, stage.output)),
  );
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

async function loadStage(file: string, input: string, output: string): Promise<StageSession> {
  const session = await InferenceSession.create(file, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
  });
  return {
    run: async ({ values, tokens, width }) => {
      const given = await session.run({ [input]: new Tensor('float32', values, [1, tokens, width]) });
      const data = given[output]?.data;
      if (!(data instanceof Float32Array)) {
        throw new Error(`${file}: expected a float32 output ${output}`);
      }
      return { values: data, tokens, width };
    },
  };
}

function readTable({ embedding }: EmbeddingManifest, folder: string): EmbeddingTable {
  const read = (file: string): ArrayBuffer => new Uint8Array(readFileSync(join(folder, file))).buffer;
  return {
    rows: new Int8Array(read(embedding.table)),
    scales: new Float32Array(read(embedding.scales)),
    columns: embedding.columns,
  };
}
