/**
 * Spearman's correlation of cosines with people's scores (STS-B): int8 through the Worker, fp32 through the recipe's
 * reference. Where the data or Python is not there, a note says so and the rest of the benchmark stands.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { BenchArgs } from './args.ts';
import { dot, embedTexts } from './embed-texts.ts';
import { pythonWithReference } from './python-venv.ts';
import { spearman } from './stats.ts';
import type { GatewayWorker } from './worker-process.ts';

const EVALUATE = join(import.meta.dirname, '../../models/recipes/minilm/evaluate.py');

interface Pair {
  score: number;
  text_a: string;
  text_b: string;
}

export async function measureAccuracy(
  worker: GatewayWorker,
  { evalFile, dataFolder }: BenchArgs,
): Promise<{ metrics: Record<string, number>; notes: string[] }> {
  const file = evalFile ?? join(dataFolder, 'stsb/dev.jsonl.gz');
  if (!existsSync(file)) {
    const note = `accuracy was not measured: there is no ${file}. Name a file with --eval or a folder with --data.`;
    return { metrics: {}, notes: [note] };
  }
  const pairs = readPairs(file);
  const metrics = { pairs: pairs.length, spearman_int8: await measureInt8(worker, pairs) };
  try {
    return { metrics: { ...metrics, spearman_fp32: await measureFp32(file) }, notes: [] };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { metrics, notes: [`the fp32 reference was not measured: ${reason}`] };
  }
}

async function measureInt8(worker: GatewayWorker, pairs: readonly Pair[]): Promise<number> {
  const texts = [...new Set(pairs.flatMap(({ text_a: a, text_b: b }) => [a, b]))];
  const vectors = await embedTexts(worker, texts);
  const cosines = pairs.map(({ text_a: a, text_b: b }) => dot(vectors.get(a) ?? [], vectors.get(b) ?? []));
  return spearman(
    cosines,
    pairs.map(({ score }) => score),
  );
}

async function measureFp32(file: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'perigee-bench-'));
  try {
    const json = join(folder, 'evaluate.json');
    execFileSync(await pythonWithReference(), [EVALUATE, '--eval', file, '--json', json], { stdio: 'pipe' });
    const { spearman_fp32: measured } = JSON.parse(readFileSync(json, 'utf8')) as { spearman_fp32?: number };
    if (measured === undefined) {
      throw new Error(`${EVALUATE} wrote no spearman_fp32`);
    }
    return measured;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readPairs(file: string): Pair[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Pair);
}
