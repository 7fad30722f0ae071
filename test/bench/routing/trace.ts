/** Arrivals and sizes of requests from a trace, in Azure's or in Mooncake's columns. Throws an Error in one line. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export interface TraceRow {
  /** Since the first request. */
  atMs: number;
  promptTokens: number;
  answerTokens: number;
  /** Ids of the prompt's blocks, each naming the prompt up to its end; empty where the trace has none. */
  blocks: readonly number[];
}

/** By arrival. `limit` rows at most, from the first. */
export function readTrace(file: string, limit: number | null): TraceRow[] {
  const rows = readLines(file)
    .slice(0, limit ?? undefined)
    .map((line, at) => toRow(line, `${file}:${at + 1}`));
  const first = Math.min(...rows.map(({ atMs }) => atMs));
  return rows.map((row) => ({ ...row, atMs: row.atMs - first })).toSorted((a, b) => a.atMs - b.atMs);
}

function readLines(file: string): string[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    throw new Error(`${file}: expected a trace, received nothing (--data names the folder of the data sets)`);
  }
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.split('\n').filter((line) => line.trim() !== '');
}

function toRow(line: string, at: string): TraceRow {
  const row = JSON.parse(line) as Record<string, unknown>;
  const { timestamp, hash_ids: blocks } = row;
  const atMs = typeof timestamp === 'string' ? Date.parse(`${timestamp.replace(' ', 'T')}Z`) : Number(timestamp);
  const promptTokens = Number(row['input_tokens'] ?? row['input_length']);
  const answerTokens = Number(row['output_tokens'] ?? row['output_length']);
  if (!(Number.isFinite(atMs) && promptTokens >= 0 && answerTokens >= 0)) {
    throw new Error(`${at}: expected timestamp, input_tokens and output_tokens (or input_length, output_length)`);
  }
  return { atMs, promptTokens, answerTokens, blocks: Array.isArray(blocks) ? blocks.map(Number) : [] };
}
