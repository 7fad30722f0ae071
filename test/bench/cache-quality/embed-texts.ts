/**
 * Texts to vectors with the product's own embedding model: its tokenizer, table, stages and pooling on ONNX Runtime's
 * native build, one thread. What was embedded once is kept in the user's cache folder by the model's version, one record
 * a text: the first 16 bytes of its SHA-256, then float32 values.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseManifest, type EmbeddingManifest } from '../../../src/local/manifest.ts';
import { tokenise } from '../../../src/local/tokenise.ts';
import { createWordPieces } from '../../../src/local/word-pieces.ts';
import { loadNativeModel } from '../embed-native.ts';

export interface EmbeddedTexts {
  /** `name version` of the model. */
  model: string;
  /** Of unit length, by text. */
  vectors: ReadonlyMap<string, Float32Array>;
}

const FOLDER = join(import.meta.dirname, '../../../models/minilm');
const KEY_BYTES = 16;
/** Texts between two writes: what a stopped run has computed is not lost. */
const BATCH = 500;

export async function embedTexts(texts: Iterable<string>): Promise<EmbeddedTexts> {
  const manifest = parseManifest(JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8')), 'embedding');
  const { name, version, output } = manifest;
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const file = join(cache, 'perigee', `embedded-${name}-${version}.bin`);
  const known = readRecords(file, output.dimensions);
  const wanted = new Map([...texts].map((text) => [text, keyOf(text)]));
  const missing = [...wanted].filter(([, key]) => !known.has(key)).map(([text]) => text);
  if (missing.length > 0) {
    console.error(`embedding ${missing.length} texts, once`);
    mkdirSync(dirname(file), { recursive: true });
    const embed = await loadEmbedder(manifest);
    for (let from = 0; from < missing.length; from += BATCH) {
      const records: Buffer[] = [];
      for (const text of missing.slice(from, from + BATCH)) {
        const vector = await embed(text);
        known.set(keyOf(text), vector);
        records.push(Buffer.from(keyOf(text), 'hex'), Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength));
      }
      appendFileSync(file, Buffer.concat(records));
    }
  }
  const vectors = new Map<string, Float32Array>();
  for (const [text, key] of wanted) {
    const vector = known.get(key);
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

function readRecords(file: string, dimensions: number): Map<string, Float32Array> {
  const records = new Map<string, Float32Array>();
  if (!existsSync(file)) {
    return records;
  }
  const bytes = readFileSync(file);
  const size = KEY_BYTES + dimensions * Float32Array.BYTES_PER_ELEMENT;
  const whole = Math.floor(bytes.length / size) * size;
  if (whole < bytes.length) {
    // A run that was stopped while it wrote.
    truncateSync(file, whole);
  }
  for (let at = 0; at < whole; at += size) {
    const values = new Uint8Array(bytes.subarray(at + KEY_BYTES, at + size)).buffer;
    records.set(bytes.toString('hex', at, at + KEY_BYTES), new Float32Array(values));
  }
  return records;
}

function keyOf(text: string): string {
  return createHash('sha256')
    .update(text)
    .digest('hex')
    .slice(0, 2 * KEY_BYTES);
}
