/**
 * Labelled texts: from files of JSON Lines, or a part of a task's data as its recipe splits it (`splits.py`, which needs
 * `python3` and no package). Throws in one line where there are none.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createRandom } from '../../../deploy/simulator/random.ts';
import type { SentInput } from './messages.ts';

export interface LabelledInput {
  input: SentInput;
  /** A label's name; where it is a number, perhaps its place among the task's labels. */
  label: string | number;
}

export type Part = 'dev' | 'tune';

const SPLITS = join(import.meta.dirname, '../../../models/recipes/text/splits.py');
const MAX_BYTES = 64 * 1024 * 1024;

/** Of a text task. `dev` is what results are reported on, `tune` what puts thresholds in order; neither trains the model, `train` does. */
export function readPart(task: string, part: Part | 'train', dataFolder: string): LabelledInput[] {
  try {
    const args = [SPLITS, '--data', dataFolder, '--rows', task, part];
    return toRows(execFileSync('python3', args, { stdio: 'pipe', maxBuffer: MAX_BYTES }).toString(), SPLITS);
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    const reason = said.split('\n').at(-1) || (error instanceof Error ? error.message : String(error));
    throw new Error(`${part} rows of ${task}: ${reason}`, { cause: error });
  }
}

/** JSON Lines with `text` and `label`, gzip'd or not. */
export function readTexts(file: string): LabelledInput[] {
  if (!existsSync(file)) {
    throw new Error(`there is no ${file}`);
  }
  const bytes = readFileSync(file);
  return toRows((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'), file);
}

function toRows(lines: string, source: string): LabelledInput[] {
  const rows = lines
    .split('\n')
    .flatMap((line, at) => (line.trim() === '' ? [] : [toRow(line, `${source}:${at + 1}`)]));
  if (rows.length === 0) {
    throw new Error(`${source}: expected rows, received none`);
  }
  return rows;
}

function toRow(line: string, place: string): LabelledInput {
  const { text, label } = parse(line, place) as { text?: unknown; label?: unknown };
  if (typeof text !== 'string' || (typeof label !== 'string' && typeof label !== 'number')) {
    throw new Error(`${place}: expected text and label, received ${line.slice(0, 100)}`);
  }
  return { input: { kind: 'text', text }, label };
}

function parse(line: string, place: string): object {
  try {
    return JSON.parse(line) as object;
  } catch {
    throw new Error(`${place}: expected JSON, received ${line.slice(0, 100)}`);
  }
}

/** In an order that the seed alone fixes. */
export function shuffle<T>(values: readonly T[], seed: number): T[] {
  const random = createRandom(seed);
  return values
    .map((value) => ({ value, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ value }) => value);
}
