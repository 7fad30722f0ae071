/**
 * Numbers that texts were given once, kept in the user's cache folder: one record a text, the first 16 bytes of its
 * SHA-256, then float32 values.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

export interface RecordFile {
  get(text: string): Float32Array | undefined;
  /** Appended at once: what a stopped run has computed is not lost. */
  add(records: readonly (readonly [text: string, values: Float32Array])[]): void;
}

const KEY_BYTES = 16;

/** `size`: of a record, in numbers. */
export function openRecords(name: string, size: number): RecordFile {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const file = join(cache, 'perigee', name);
  const known = readRecords(file, size);
  return {
    get: (text) => known.get(keyOf(text)),
    add: (records) => {
      mkdirSync(dirname(file), { recursive: true });
      const parts = records.flatMap(([text, values]) => {
        const key = keyOf(text);
        known.set(key, values);
        return [Buffer.from(key, 'hex'), Buffer.from(values.buffer, values.byteOffset, values.byteLength)];
      });
      appendFileSync(file, Buffer.concat(parts));
    },
  };
}

function readRecords(file: string, size: number): Map<string, Float32Array> {
  const records = new Map<string, Float32Array>();
  if (!existsSync(file)) {
    return records;
  }
  const bytes = readFileSync(file);
  const recordBytes = KEY_BYTES + size * Float32Array.BYTES_PER_ELEMENT;
  const whole = Math.floor(bytes.length / recordBytes) * recordBytes;
  if (whole < bytes.length) {
    // A run that was stopped while it wrote.
    truncateSync(file, whole);
  }
  for (let at = 0; at < whole; at += recordBytes) {
    const values = new Uint8Array(bytes.subarray(at + KEY_BYTES, at + recordBytes)).buffer;
    records.set(bytes.toString('hex', at, at + KEY_BYTES), new Float32Array(values));
  }
  return records;
}

function keyOf(text: string): string {
  return createHash('sha256')
    .update(text)
    .digest('hex')
    .slice(0, 2 * KEY_BYTES);
}
