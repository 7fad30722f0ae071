/**
 * An embedding model in the isolate's memory: tokenizer, word-embedding table and ONNX stages. Loading reads one file
 * after the other and drops a stage's bytes once its session stands, so that the peak stays near what is kept.
 */
import type { EmbedFault } from '../contract/ports.ts';
import { succeed, type Result } from '../contract/problem.ts';
import type { EmbeddingInput } from '../contract/request.ts';
import { gatherRows, type EmbeddingTable } from '../local/embedding-table.ts';
import type { EmbeddingManifest } from '../local/manifest.ts';
import { meanPool, normalise } from '../local/pool.ts';
import { runToEnd } from '../local/run-stages.ts';
import { tokenise, type Cut } from '../local/tokenise.ts';
import { createWordPieces } from '../local/word-pieces.ts';
import type { Attempt } from './lazy.ts';
import type { ModelFiles } from './model-files.ts';
import { createStage, type OnnxStage } from './onnx-sessions.ts';
import type { StoredVector } from './kv-embeddings.ts';
import { createTurns } from './turns.ts';

export interface EmbeddingRuntime {
  /** Blocks the isolate's thread while a stage runs; other requests get their turn between inputs. */
  embed(input: EmbeddingInput, options: Cut): Promise<Result<StoredVector, EmbedFault>>;
  /** JS buffers that are kept, outside the WebAssembly heap. */
  readonly bufferBytes: number;
}

/** Throws where a file is missing or wrong, or a session cannot be created. */
export async function loadEmbeddingModel(
  manifest: EmbeddingManifest,
  files: ModelFiles,
  attempt: Attempt,
): Promise<EmbeddingRuntime> {
  const stages: OnnxStage[] = [];
  attempt.free = () => Promise.all(stages.splice(0).map((stage) => stage.release()));
  for (const { file, input, output } of manifest.stages) {
    stages.push(await createStage(await read(file), { input, output }));
  }
  const table = await readTable();
  const text = new TextDecoder();
  const wordPieces = createWordPieces(
    text.decode(await read(manifest.input.tokenizer)),
    text.decode(await read(manifest.input.tokenizerConfig)),
  );
  const takeTurn = createTurns();
  return {
    async embed(input, options) {
      const ids = tokenise(input, options, manifest.input, wordPieces);
      if (!ids.ok) {
        return ids;
      }
      const last = await takeTurn(() => runToEnd(stages, gatherRows(table, ids.value)));
      return succeed({ vector: normalise(meanPool(last)), tokens: ids.value.length });
    },
    bufferBytes: table.rows.byteLength + table.scales.byteLength,
  };

  async function read(file: string): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await files.read(file);
    if (attempt.isAbandoned) {
      throw new Error(`model ${manifest.name}: its load was abandoned`);
    }
    return bytes;
  }

  async function readTable(): Promise<EmbeddingTable> {
    const rows = await read(manifest.embedding.table);
    const scales = await read(manifest.embedding.scales);
    // Little-endian, as WebAssembly itself.
    return {
      rows: new Int8Array(rows.buffer),
      scales: new Float32Array(scales.buffer),
      columns: manifest.embedding.columns,
    };
  }
}
