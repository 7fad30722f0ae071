/** Rows of the routing sets: a prompt, and whether the small and the large model answered it rightly. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';

export interface RoutingRow {
  prompt: string;
  weak_correct: boolean;
  strong_correct: boolean;
  /** The file's name where its rows name none. */
  subject: string;
}

const FILES = ['routing/mmlu.jsonl.gz', 'routing/gsm8k.jsonl.gz'];

const isRight = z.union([z.boolean(), z.literal([0, 1]).transform((value) => value === 1)]);
const shape = z.object({
  prompt: z.string().min(1),
  weak_correct: isRight,
  strong_correct: isRight,
  subject: z.string().min(1).optional(),
});

/** What the router is trained on. */
export function readTrainingRows(dataFolder: string): RoutingRow[] {
  return FILES.flatMap((file) => readRoutingRows(join(dataFolder, file)));
}

/** JSON Lines, gzip'd or not. Throws in one line that names the place. */
export function readRoutingRows(file: string): RoutingRow[] {
  if (!existsSync(file)) {
    throw new Error(`there is no ${file}`);
  }
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const rows = text.split('\n').flatMap((line, at) => (line.trim() === '' ? [] : [toRow(line, file, at + 1)]));
  if (rows.length === 0) {
    throw new Error(`${file}: expected rows, received none`);
  }
  return rows;
}

function toRow(line: string, file: string, place: number): RoutingRow {
  const parsed = shape.safeParse(parse(line));
  if (!parsed.success) {
    const expected = 'prompt, weak_correct and strong_correct (true or false)';
    throw new Error(`${file}:${place}: expected ${expected}, received ${line.slice(0, 100)}`);
  }
  const { subject = basename(file).replace(/\.jsonl(?:\.gz)?$/, ''), ...row } = parsed.data;
  return { ...row, subject };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
