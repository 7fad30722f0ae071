/**
 * Real sentences and labelled paraphrases of a part. Training reads the training parts alone; the report reads what no
 * training sees: Quora's dev pairs and the dev parts of the intents' and TREC's recipe splits. Throws where data is missing.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { halfOf, type Half } from './draw.ts';

export interface Corpus {
  sentences: readonly string[];
  /** Pairs that people labelled as the same question. */
  paraphrases: readonly (readonly [string, string])[];
  /** The same sentence in English and another language; empty for training, whose sets have none. */
  translations: readonly (readonly [string, string])[];
}

const SPLITS = join(import.meta.dirname, '../../text/splits.py');
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_CHARS = 220;

export function readCorpus(dataFolder: string, half: Half): Corpus {
  const isTrain = half === 'train';
  const part = isTrain ? 'train' : 'dev';
  const pairs = readLines(join(dataFolder, `qqp/${part}.jsonl.gz`)) as {
    text_a: string;
    text_b: string;
    label: number;
  }[];
  const intents = ['banking77', 'clinc150', 'trec'].flatMap((task) => readSplit(dataFolder, task, part));
  const prompts = readPrompts(dataFolder).filter((text) => halfOf(text) === half);
  const sentences = [...pairs.flatMap(({ text_a: a, text_b: b }) => [a, b]), ...intents, ...prompts]
    .map(tidy)
    .filter((text) => text.length > 8 && text.length <= MAX_CHARS);
  return {
    sentences: [...new Set(sentences)],
    paraphrases: pairs
      .filter(({ label }) => label === 1)
      .map(({ text_a: a, text_b: b }) => [tidy(a), tidy(b)] as const)
      .filter(([a, b]) => a.length <= MAX_CHARS && b.length <= MAX_CHARS),
    translations: isTrain ? [] : readTranslations(dataFolder),
  };
}

/** The questions of routing and of MT-Bench: no part of them is set aside, so a hash does it. */
function readPrompts(dataFolder: string): string[] {
  const routing = ['routing/mmlu', 'routing/gsm8k'].flatMap(
    (name) => readLines(join(dataFolder, `${name}.jsonl.gz`)) as { prompt: string }[],
  );
  const turns = readLines(join(dataFolder, 'prompts/mt-bench.jsonl')) as { turns: string[] }[];
  const prompts = [...routing.map(({ prompt }) => prompt), ...turns.flatMap(({ turns: all }) => all)];
  // A multiple-choice prompt's first line is its question.
  return prompts.map((prompt) => prompt.trim().split('\n')[0] ?? '').filter((line) => line !== '');
}

function readTranslations(dataFolder: string): [string, string][] {
  const [english, ...others] = ['en', 'de', 'fr'].map(
    (language) => readLines(join(dataFolder, `pawsx/dev-${language}.jsonl.gz`)) as { text_a: string }[],
  );
  return others.flatMap((rows) =>
    rows.flatMap(({ text_a: other }, row): [string, string][] => {
      const same = english?.[row]?.text_a;
      return same === undefined ? [] : [[tidy(same), tidy(other)]];
    }),
  );
}

function readSplit(dataFolder: string, task: string, part: string): string[] {
  try {
    const args = [SPLITS, '--data', dataFolder, '--rows', task, part];
    const lines = execFileSync('python3', args, { stdio: 'pipe', maxBuffer: MAX_BYTES }).toString();
    return (parseLines(lines) as { text: string }[]).map(({ text }) => text);
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    const reason = said.split('\n').at(-1) || (error instanceof Error ? error.message : String(error));
    throw new Error(`${part} rows of ${task}: ${reason}`, { cause: error });
  }
}

function readLines(file: string): unknown[] {
  if (!existsSync(file)) {
    throw new Error(`no data: ${file} does not exist; name another place with --data`);
  }
  const bytes = readFileSync(file);
  return parseLines((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
}

function parseLines(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as unknown);
}

/** Some sets are kept in tokens: "What 's new ?". */
function tidy(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/``\s?|\s?''/g, '"')
    .replaceAll(/ (n't|'s|'re|'ll|'ve|'d|'m)\b/g, '$1')
    .replaceAll(/ ([?.!,;:])/g, '$1')
    .trim();
}
