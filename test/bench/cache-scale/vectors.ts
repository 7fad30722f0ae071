/**
 * As many vectors as are wanted out of the data sets' real ones: first the embedded rows themselves, then the same rows moved
 * by what two real wordings of one question differ in. The same number always gives the same vector. Besides, queries: a
 * stored entry in other words, or a real text that is not stored.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createRandom } from '../../../deploy/simulator/random.ts';
import { embedTexts } from '../cache-quality/embed-texts.ts';
import { shuffle } from '../exits/rows.ts';

export interface VectorSource {
  dimensions: number;
  /** Real texts, stored as they are. */
  rows: number;
  /** Of unit length. */
  vectorAt(entry: number): Float32Array;
  /** Texts that are not among the rows. */
  unseen: readonly Float32Array[];
  /** One of the first `entries` entries in other words; `number` tells queries apart. */
  rewordedAt(number: number, entries: number): Float32Array;
}

const TEXTS = ['banking77/train.jsonl.gz', 'clinc150/train.jsonl.gz', 'trec/train.jsonl.gz'];
const UNSEEN = ['qqp/dev.jsonl.gz', 'clinc150/val.jsonl.gz'];
const PAIRS = 'qqp/train.jsonl.gz';
/** Of one file; together some 60,000 texts, which take minutes to embed, once. */
const MOST_ROWS = 15_000;
const MOST_UNSEEN = 1_000;
/** Of a difference between two wordings. */
const LEAST_SHARE = 0.3;
const SEED = 1;

export async function loadVectors(dataFolder: string, limit: number | null): Promise<VectorSource> {
  const most = limit ?? MOST_ROWS;
  const pairs = readRows(dataFolder, PAIRS)
    .filter(({ label }) => label === 1)
    .slice(0, most)
    .map(({ text_a: a = '', text_b: b = '' }) => [a, b] as const);
  const texts = new Set([
    ...TEXTS.flatMap((file) => textsOf(readRows(dataFolder, file).slice(0, most))),
    ...pairs.flat(),
  ]);
  const others = UNSEEN.flatMap((file) => textsOf(readRows(dataFolder, file).slice(0, most))).filter(
    (text) => !texts.has(text),
  );
  const unseenTexts = shuffle([...new Set(others)], SEED).slice(0, Math.min(MOST_UNSEEN, most));
  const { vectors } = await embedTexts([...texts, ...unseenTexts]);
  const vectorOf = (text: string): Float32Array => vectors.get(text) ?? new Float32Array();
  const rows = shuffle([...texts], SEED).map(vectorOf);
  const differences = pairs.map(([a, b]) => subtract(vectorOf(b), vectorOf(a)));

  return {
    dimensions: rows[0]?.length ?? 0,
    rows: rows.length,
    unseen: unseenTexts.map(vectorOf),
    vectorAt: (entry) => (entry < rows.length ? rowAt(entry) : moved(rowAt(entry), entry)),
    rewordedAt(number, entries) {
      const random = createRandom(number + 0x5eed);
      const entry = Math.floor(random() * entries);
      const stored = entry < rows.length ? rowAt(entry) : moved(rowAt(entry), entry);
      return moved(stored, 1_000_000_000 + number);
    },
  };

  function rowAt(entry: number): Float32Array {
    return rows[entry % rows.length] ?? new Float32Array();
  }

  function moved(vector: Float32Array, seed: number): Float32Array {
    const random = createRandom(seed);
    const difference = differences[Math.floor(random() * differences.length)] ?? new Float32Array(vector.length);
    const share = (LEAST_SHARE + (1 - LEAST_SHARE) * random()) * (random() < 0.5 ? -1 : 1);
    return toUnit(vector.map((value, at) => value + share * (difference[at] ?? 0)));
  }
}

interface Row {
  text?: string;
  text_a?: string;
  text_b?: string;
  label?: unknown;
}

function readRows(folder: string, name: string): Row[] {
  const file = join(folder, name);
  if (!existsSync(file)) {
    throw new Error(`there is no ${file}`);
  }
  const lines = gunzipSync(readFileSync(file)).toString('utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Row);
}

function textsOf(rows: readonly Row[]): string[] {
  return rows.flatMap(({ text, text_a: a, text_b: b }) => [text, a, b].filter((one) => one !== undefined));
}

function subtract(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, at) => value - (b[at] ?? 0));
}

function toUnit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return vector.map((value) => value / length);
}
