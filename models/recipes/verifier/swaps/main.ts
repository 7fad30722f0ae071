/**
 * `node models/recipes/verifier/swaps/main.ts --part train|report [--data DIR] [--seed N] [--limit N]`
 * Writes JSON Lines of {"kind","source","text_a","text_b","label"}. Exits with 1 and one line where it cannot.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readCorpus } from './corpus.ts';
import { generate, type GenerateOptions } from './generate.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const PAIRS = { train: 72_000, report: 6000 };

try {
  const { values } = parseArgs({
    options: {
      part: { type: 'string' },
      data: { type: 'string' },
      seed: { type: 'string' },
      limit: { type: 'string' },
    },
  });
  const { part } = values;
  if (part !== 'train' && part !== 'report') {
    throw new Error(`--part: expected train or report, received ${part ?? 'none'}`);
  }
  const data = values.data === undefined ? join(ROOT, '../shared/data') : resolve(values.data);
  const options: GenerateOptions = {
    half: part,
    seed: toCount('seed', values.seed ?? '1'),
    limit: toCount('limit', values.limit ?? String(PAIRS[part])),
  };
  for (const pair of generate(readCorpus(data, part), options)) {
    process.stdout.write(`${JSON.stringify(pair)}\n`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function toCount(flag: string, value: string): number {
  if (!/^[1-9]\d*$/.test(value)) {
    throw new Error(`--${flag}: expected a whole number above 0, received ${value}`);
  }
  return Number(value);
}
