/**
 * Texts to vectors with the product's own embedding model: its tokenizer, table, stages and pooling on ONNX Runtime's
 * native build, one thread. What was embedded once is kept in the user's cache folder by the model's version.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseManifest, type EmbeddingManifest } from '../../../src/local/manifest.ts';
import { tokenise } from '../../../src/local/tokenise.ts';
import { createWordPieces } from '../../../src/local/word-pieces.ts';
import { loadNativeModel } from '../embed-native.ts';
import { openRecords } from '../record-file.ts';

export interface EmbeddedTexts {
  /** `name version` of the model. */
  model: string;
  /** Of unit length, by text. */
  vectors: ReadonlyMap<string, Float32Array>;
}

const FOLDER = join(import.meta.dirname, '../../../models/minilm');
/** Texts between two writes. */
const BATCH = 500;

export async function embedTexts(texts: Iterable<string>): Promise<EmbeddedTexts> {
  const manifest = parseManifest(JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8')), 'embedding');
  const { name, version, output } = manifest;
  const records = openRecords(`embedded-${name}-${version}.bin`, output.dimensions);
  const wanted = [...new Set(texts)];
  const missing = wanted.filter((text) => records.get(text) === undefined);
  if (missing.length > 0) {
    console.error(`embedding ${missing.length} texts, once`);
    const embed = await loadEmbedder(manifest);
    for (let from = 0; from < missing.length; from += BATCH) {
      const embedded: (readonly [string, Float32Array])[] = [];
      for (const text of missing.slice(from, from + BATCH)) {
        embedded.push([text, await embed(text)]);
      }
      records.add(embedded);
    }
  }
  const vectors = new Map<string, Float32Array>();
  for (const text of wanted) {
    const vector = records.get(text);
    if (vector !== undefined) {
      vectors.set(text, vector);
    }
  }
  return { model: `${name} ${version}`, vectors };
}

async function loadEmbedder(manifest: EmbeddingManifest): Promise<(text: string) => Promise<Float32Array>> {
  const { input } = manifest;
  const read = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');
  const wordPieces = createWordPieces(read(input.tokenizer), read(input.tokenizerConfig));
  const model = await loadNativeModel(manifest, FOLDER);
  return async (text) => {
    const tokens = tokenise({ kind: 'text', text }, { truncateTo: -1 }, input, wordPieces);
    if (!tokens.ok) {
      throw new Error(
        `${text.slice(0, 60)}: expected a text that can be embedded, received one ${tokens.problem.kind}`,
      );
    }
    return model.embed(tokens.value.ids);
  };
}
