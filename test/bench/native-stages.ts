/** The repository's stage files and tables on ONNX Runtime's native build, one thread, one run after the other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { EmbeddingTable } from '../../src/local/embedding-table.ts';
import type { EmbeddingManifest, PairManifest } from '../../src/local/manifest.ts';
import type { StageSession } from '../../src/local/run-stages.ts';

export function loadNativeStages(
  { stages }: Pick<EmbeddingManifest | PairManifest, 'stages'>,
  folder: string,
): Promise<StageSession[]> {
  return Promise.all(stages.map((stage) => loadStage(join(folder, stage.file), stage.input, stage.output)));
}

/** `folder`: where the table lies. */
export function readTable(
  { embedding }: Pick<EmbeddingManifest | PairManifest, 'embedding'>,
  folder: string,
): EmbeddingTable {
  return {
    rows: new Int8Array(readBytes(join(folder, embedding.table))),
    scales: new Float32Array(readBytes(join(folder, embedding.scales))),
    columns: embedding.columns,
  };
}

export function readBytes(file: string): ArrayBuffer {
  return new Uint8Array(readFileSync(file)).buffer;
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
