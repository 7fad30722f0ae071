/** Pairs of questions from files of JSON Lines, gzip'd or not. Throws in one line where there are none. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export interface Pair {
  kind: string;
  text_a: string;
  text_b: string;
  /** 1 where both are the same question. */
  label: 0 | 1;
  /** Of generated pairs: where they are from. */
  source?: string;
}

export function readPairs(file: string): Pair[] {
  if (!existsSync(file)) {
    throw new Error(`there is no ${file}`);
  }
  const bytes = readFileSync(file);
  const pairs = parsePairs((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'), file);
  if (pairs.length === 0) {
    throw new Error(`${file}: expected pairs, received none`);
  }
  return pairs;
}

/** `source` names the text in errors. */
export function parsePairs(lines: string, source: string): Pair[] {
  return lines.split('\n').flatMap((line, at) => (line.trim() === '' ? [] : [toPair(line, `${source}:${at + 1}`)]));
}

function toPair(line: string, place: string): Pair {
  const { kind, text_a: a, text_b: b, label, source } = parse(line, place);
  const isKnown = typeof a === 'string' && typeof b === 'string' && (label === 0 || label === 1);
  if (!isKnown || typeof kind !== 'string') {
    throw new Error(`${place}: expected kind, text_a, text_b and label 0 or 1, received ${line.slice(0, 100)}`);
  }
  return { kind, text_a: a, text_b: b, label, ...(typeof source === 'string' && { source }) };
}

function parse(line: string, place: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    throw new Error(`${place}: expected JSON, received ${line.slice(0, 100)}`);
  }
}
