/** Pairs and streams from JSON Lines, gzip'd or not. Throws in one line, naming the place, where a row is none. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { gunzipSync } from 'node:zlib';

export interface Pair {
  textA: string;
  textB: string;
  isSame: boolean;
}

export interface StreamRow {
  text: string;
  /** Rows of one label may share an answer. */
  label: string;
}

export function readPairs(file: string): Pair[] {
  return readLines(file).map(({ row, place }) => {
    const { text_a: textA, text_b: textB, label } = row;
    if (typeof textA !== 'string' || typeof textB !== 'string' || (label !== 0 && label !== 1)) {
      throw new Error(`${place}: expected text_a, text_b and a label of 0 or 1`);
    }
    return { textA, textB, isSame: label === 1 };
  });
}

export function readStream(file: string): StreamRow[] {
  return toStream(readLines(file));
}

/** As {@link readStream}, of lines that come from elsewhere. */
export function parseStream(lines: string, source: string): StreamRow[] {
  return toStream(parseLines(lines, source));
}

/** `qqp/test.jsonl.gz` is `qqp_test`. */
export function setName(file: string): string {
  const name = basename(file).replace(/\.jsonl(\.gz)?$/, '');
  return `${basename(dirname(file))}_${name}`.replaceAll('-', '_');
}

/** Questions that pairs join, directly or through others, share a label; those that nothing joins are left out. */
export function clustersOf(pairs: readonly Pair[]): StreamRow[] {
  const parents = new Map<string, string>();
  const find = (text: string): string => {
    let root = text;
    for (let next = parents.get(root); next !== undefined; next = parents.get(root)) {
      root = next;
    }
    return root;
  };
  const same = pairs.filter(({ isSame }) => isSame);
  for (const { textA, textB } of same) {
    const [a, b] = [find(textA), find(textB)];
    if (a !== b) {
      parents.set(a, b);
    }
  }
  const texts = new Set(same.flatMap(({ textA, textB }) => [textA, textB]));
  return [...texts].map((text) => ({ text, label: find(text) }));
}

function toStream(lines: ReturnType<typeof readLines>): StreamRow[] {
  return lines.map(({ row: { text, label }, place }) => {
    if (typeof text !== 'string' || (typeof label !== 'string' && typeof label !== 'number')) {
      throw new Error(`${place}: expected text and label`);
    }
    return { text, label: String(label) };
  });
}

function readLines(file: string): { row: Record<string, unknown>; place: string }[] {
  if (!existsSync(file)) {
    throw new Error(`there is no ${file}`);
  }
  const bytes = readFileSync(file);
  return parseLines((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'), file);
}

function parseLines(lines: string, source: string): { row: Record<string, unknown>; place: string }[] {
  const rows = lines.split('\n').flatMap((line, at) => {
    if (line.trim() === '') {
      return [];
    }
    const place = `${source}:${at + 1}`;
    try {
      return [{ row: JSON.parse(line) as Record<string, unknown>, place }];
    } catch {
      throw new Error(`${place}: expected JSON, received ${line.slice(0, 100)}`);
    }
  });
  if (rows.length === 0) {
    throw new Error(`${source}: expected rows, received none`);
  }
  return rows;
}
