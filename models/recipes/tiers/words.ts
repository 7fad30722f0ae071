/** A text's tokens and the mean of their rows in the embedding model's table: words alone, no model runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gatherRows, type EmbeddingTable } from '../../../src/local/embedding-table.ts';
import { parseManifest } from '../../../src/local/manifest.ts';
import { tokenise } from '../../../src/local/tokenise.ts';
import { createWordPieces } from '../../../src/local/word-pieces.ts';
import { MAX_WORDS } from '../../../src/origin/tiers/router.ts';

export interface Words {
  /** `name version` of the embedding model. */
  vocabulary: string;
  table: EmbeddingTable;
  /** At most MAX_WORDS, without special ones. */
  idsOf(text: string): number[];
  meanOf(ids: readonly number[]): Float64Array;
}

const FOLDER = join(import.meta.dirname, '../../minilm');

export function readWords(): Words {
  const { name, version, input, embedding } = parseManifest(JSON.parse(readText('manifest.json')), 'embedding');
  const wordPieces = createWordPieces(readText(input.tokenizer), readText(input.tokenizerConfig));
  const table: EmbeddingTable = {
    rows: new Int8Array(readBytes(embedding.table)),
    scales: new Float32Array(readBytes(embedding.scales)),
    columns: embedding.columns,
  };
  return {
    vocabulary: `${name} ${version}`,
    table,
    idsOf(text) {
      const tokens = tokenise({ kind: 'text', text }, { truncateTo: -1 }, input, wordPieces);
      if (!tokens.ok) {
        throw new Error(`${text.slice(0, 60)}: expected a text, received one ${tokens.problem.kind}`);
      }
      return tokens.value.ids.slice(1, -1).slice(0, MAX_WORDS);
    },
    meanOf(ids) {
      const { values, width } = gatherRows(table, ids);
      const mean = new Float64Array(width);
      values.forEach((value, at) => (mean[at % width] = (mean[at % width] ?? 0) + value / ids.length));
      return mean;
    },
  };
}

function readText(file: string): string {
  return readFileSync(join(FOLDER, file), 'utf8');
}

function readBytes(file: string): ArrayBuffer {
  return new Uint8Array(readFileSync(join(FOLDER, file))).buffer;
}
