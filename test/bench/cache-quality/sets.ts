/**
 * Which sets are measured, and which rows a policy may be tuned on for each: the training part of the same folder, so many
 * rows of it as the stream has (how often a cache is wrong depends on how full it is), never a measured one.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readPart, shuffle } from '../exits/rows.ts';
import type { BenchArgs } from '../args.ts';
import { clustersOf, readPairs, readStream, setName, type StreamRow } from './read-sets.ts';

export interface StreamSet {
  name: string;
  rows: readonly StreamRow[];
  /** Null where the folder has no training part. */
  training: readonly StreamRow[] | null;
}

const SHUFFLE_SEED = 7;

export function readStreamSets({ dataFolder, streamFiles }: BenchArgs): StreamSet[] {
  const files = streamFiles.map((file) => ({
    name: setName(file),
    folder: basename(dirname(file)),
    rows: readStream(file),
  }));
  const sets =
    files.length > 0
      ? files
      : [
          { name: 'banking77_dev', folder: 'banking77', rows: toStream(readPart('banking77', 'dev', dataFolder)) },
          { name: 'clinc150_val', folder: 'clinc150', rows: readStream(join(dataFolder, 'clinc150/val.jsonl.gz')) },
          { name: 'qqp_dev', folder: 'qqp', rows: clustersOf(readPairs(join(dataFolder, 'qqp/dev.jsonl.gz'))) },
        ];
  return sets.map(({ name, folder, rows }) => {
    const measured = new Set(rows.map(({ text }) => text));
    const training = readTraining(folder, dataFolder)?.filter(({ text }) => !measured.has(text));
    return { name, rows, training: training === undefined ? null : takeRows(training, rows.length) };
  });
}

/** All rows of a folder's training part; null where it has none. */
export function readTraining(folder: string, dataFolder: string): StreamRow[] | null {
  const file = join(dataFolder, folder, 'train.jsonl.gz');
  if (!existsSync(file)) {
    return null;
  }
  switch (folder) {
    case 'banking77':
      return toStream(readPart('banking77', 'train', dataFolder));
    case 'qqp':
      return clustersOf(readPairs(file));
    default:
      return readStream(file);
  }
}

/** So many rows in a fixed random order. */
export function takeRows(rows: readonly StreamRow[], count: number): StreamRow[] {
  const byLabel = Map.groupBy(rows, ({ label }) => label);
  // Whole labels where each has a handful of rows; else a part of every label.
  const isFine = rows.length < 10 * byLabel.size;
  return isFine
    ? shuffle([...byLabel.values()], SHUFFLE_SEED)
        .flat()
        .slice(0, count)
    : shuffle(rows, SHUFFLE_SEED).slice(0, count);
}

function toStream(inputs: ReturnType<typeof readPart>): StreamRow[] {
  return inputs.flatMap(({ input, label }) =>
    input.kind === 'text' ? [{ text: input.text, label: String(label) }] : [],
  );
}
