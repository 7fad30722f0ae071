/** What turns text into a model's first state: tokenizer and word table. Models that name the same files share one. */
import type { Result } from '../contract/problem.ts';
import type { EmbeddingInput } from '../contract/request.ts';
import { gatherPair, gatherRows, type EmbeddingTable } from '../local/embedding-table.ts';
import type { Hidden } from '../local/hidden.ts';
import type { Memory } from '../local/make-room.ts';
import type { PairManifest, TextManifest } from '../local/manifest.ts';
import { tokenise, type Cut, type TokenFault, type TokenLimits, type Tokens } from '../local/tokenise.ts';
import { createWordPieces } from '../local/word-pieces.ts';
import type { Attempt } from './lazy.ts';
import { readUnlessAbandoned, type ModelFiles } from './model-files.ts';

export type WordsManifest = TextManifest | PairManifest;

export interface TextInput {
  /** As {@link tokenise}. */
  encode(input: EmbeddingInput, options: Cut, limits: TokenLimits): Result<Tokens, TokenFault>;
  gather(ids: readonly number[]): Hidden;
  /** As {@link gatherPair}. */
  gatherPair(ids: readonly number[], from: number, second: Float32Array): Hidden;
}

/** The tokenizer's map in the JS heap, as a multiple of tokenizer.json: about 3 MB for 30,522 words. */
const MAP_FACTOR = 7;

export function textNeed({ embedding, input, files }: WordsManifest): Memory {
  const bytes = (file: string): number => files[file]?.bytes ?? 0;
  const table = bytes(embedding.table) + bytes(embedding.scales);
  return { heapBytes: 0, bufferBytes: table + MAP_FACTOR * bytes(input.tokenizer) };
}

/** Throws where a file is missing or wrong. */
export async function loadTextInput(manifest: WordsManifest, files: ModelFiles, attempt: Attempt): Promise<TextInput> {
  const { embedding, input } = manifest;
  const read = readUnlessAbandoned(manifest.name, files, attempt);
  const rows = await read(embedding.table);
  const scales = await read(embedding.scales);
  // Little-endian, as WebAssembly itself.
  const table: EmbeddingTable = {
    rows: new Int8Array(rows.buffer),
    scales: new Float32Array(scales.buffer),
    columns: embedding.columns,
  };
  const text = new TextDecoder();
  const tokenizer = text.decode(await read(input.tokenizer));
  const wordPieces = createWordPieces(tokenizer, text.decode(await read(input.tokenizerConfig)));
  return {
    encode: (given, options, limits) => tokenise(given, options, limits, wordPieces),
    gather: (ids) => gatherRows(table, ids),
    gatherPair: (ids, from, second) => gatherPair(table, ids, from, second),
  };
}
