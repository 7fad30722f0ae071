/**
 * Pairs of questions to the product's own verifier, run to the end: its tokenizer, table, stages and head on ONNX
 * Runtime's native build, one thread. What was judged once is kept in the user's cache folder by the model's version.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gatherPair } from '../../src/local/embedding-table.ts';
import { joinPair } from '../../src/local/join-pair.ts';
import { parseManifest, type PairManifest } from '../../src/local/manifest.ts';
import { meanPool } from '../../src/local/pool.ts';
import { runToEnd } from '../../src/local/run-stages.ts';
import { tokenise } from '../../src/local/tokenise.ts';
import { createWordPieces } from '../../src/local/word-pieces.ts';
import { loadNativeStages, readBytes, readTable } from './native-stages.ts';
import { openRecords } from './record-file.ts';

/** The verifier's logit for "the same question"; null where it cannot judge. */
export type Verify = (asked: string, answered: string) => Promise<number | null>;

export interface BenchVerifier {
  /** `name version` of the model. */
  model: string;
  verify: Verify;
}

const MODELS = join(import.meta.dirname, '../../models');
const FOLDER = join(MODELS, 'verifier');

/** Null where the repository has no verifier. */
export function openVerifier(): BenchVerifier | null {
  const file = join(FOLDER, 'manifest.json');
  if (!existsSync(file)) {
    return null;
  }
  const manifest = parseManifest(JSON.parse(readFileSync(file, 'utf8')), 'pair-classification');
  const records = openRecords(`verified-${manifest.name}-${manifest.version}.bin`, 1);
  let judge: Promise<Verify> | null = null;
  return {
    model: `${manifest.name} ${manifest.version}`,
    verify: async (asked, answered) => {
      const key = JSON.stringify([asked, answered]);
      const [known] = records.get(key) ?? [];
      if (known !== undefined) {
        return Number.isNaN(known) ? null : known;
      }
      const logit = await (await (judge ??= loadJudge(manifest)))(asked, answered);
      records.add([[key, Float32Array.of(logit ?? Number.NaN)]]);
      return logit === null ? null : Math.fround(logit);
    },
  };
}

async function loadJudge(manifest: PairManifest): Promise<Verify> {
  const { input, embedding, files } = manifest;
  const folderOf = (file: string): string => join(MODELS, files[file]?.from ?? manifest.name);
  const text = (file: string): string => readFileSync(join(folderOf(file), file), 'utf8');
  const wordPieces = createWordPieces(text(input.tokenizer), text(input.tokenizerConfig));
  const table = readTable(manifest, folderOf(embedding.table));
  const second = new Float32Array(readBytes(join(FOLDER, embedding.second)));
  const stages = await loadNativeStages(manifest, FOLDER);
  const head = readHead(manifest);
  return async (asked, answered) => {
    const [first, next] = [asked, answered].map((one) =>
      tokenise({ kind: 'text', text: one }, { truncateTo: null, counts: false }, input, wordPieces),
    );
    if (!first?.ok || !next?.ok) {
      return null;
    }
    const joined = joinPair(first.value.ids, next.value.ids, input);
    if (!joined.ok) {
      return null;
    }
    const { ids, from } = joined.value;
    return head(meanPool(await runToEnd(stages, gatherPair(table, ids, from, second))));
  };
}

/** The last numbers of the task's classifiers: a matrix [2, columns], then two biases. */
function readHead({ tasks, embedding: { columns } }: PairManifest): (pooled: Float32Array) => number {
  const file = tasks['same']?.classifiers ?? '';
  const [different = new Float32Array(), same = different, bias = different] = cut(
    new Float32Array(readBytes(join(FOLDER, file))).slice(-(2 * columns + 2)),
    columns,
  );
  const dot = (weights: Float32Array, pooled: Float32Array): number =>
    weights.reduce((sum, weight, at) => sum + weight * (pooled[at] ?? 0), 0);
  return (pooled) => dot(same, pooled) + (bias[1] ?? 0) - dot(different, pooled) - (bias[0] ?? 0);
}

function cut(values: Float32Array, size: number): Float32Array[] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, at) =>
    values.subarray(at * size, (at + 1) * size),
  );
}
