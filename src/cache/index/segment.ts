/**
 * A cell's entries in one buffer that is never changed: read as it lies, by views on its columns. Little endian, as
 * every platform that Workers run on. Pure.
 */
import { inverseLength, QUESTION_BYTES, writeSigns } from './codes.ts';

export interface IndexEntry {
  /** 32 bytes. */
  question: Uint8Array;
  /** Seconds since the epoch. */
  expiresAt: number;
  /** 32 bits: equal for entries that are known to hold the same answer. */
  answer: number;
  /** It lies in a nearer cell too. */
  isCopy: boolean;
  /** As `codeVector` gives it. */
  values: Int8Array;
}

export interface Segment {
  count: number;
  /** Values of a row. */
  width: number;
  expiresAt: Uint32Array;
  inverseLengths: Float32Array;
  answers: Uint32Array;
  /** [count, 32] */
  questions: Uint8Array;
  /** [count, width / 8] */
  signs: Uint8Array;
  /** [count, width] */
  values: Int8Array;
  copies: Uint8Array;
}

/** "PGX2" */
const MAGIC = 0x32_58_47_50;
/** Part of an index's name: entries of different formats never meet. */
export const INDEX_FORMAT = 2;
const HEADER_BYTES = 16;

function segmentBytes(count: number, width: number): number {
  return HEADER_BYTES + 4 * Math.ceil((count * (12 + QUESTION_BYTES + width / 8 + width + 1)) / 4);
}

export function encodeSegment(entries: readonly IndexEntry[], width: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(segmentBytes(entries.length, width));
  new Uint32Array(bytes.buffer, 0, 3).set([MAGIC, width, entries.length]);
  const segment = viewOf(bytes, width, entries.length);
  for (const [row, { question, expiresAt, answer, isCopy, values }] of entries.entries()) {
    segment.expiresAt[row] = expiresAt;
    segment.inverseLengths[row] = inverseLength(values);
    segment.answers[row] = answer;
    segment.questions.set(question, row * QUESTION_BYTES);
    writeSigns(values, segment.signs, (row * width) / 8);
    segment.values.set(values, row * width);
    segment.copies[row] = isCopy ? 1 : 0;
  }
  return bytes;
}

/** Null where the bytes are no whole segment. They are viewed, not copied, unless they lie askew. */
export function decodeSegment(bytes: Uint8Array<ArrayBuffer>): Segment | null {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  if (aligned.length < HEADER_BYTES) {
    return null;
  }
  const [magic, width = 0, count = 0] = new Uint32Array(aligned.buffer, aligned.byteOffset, 3);
  const isWhole = magic === MAGIC && width % 128 === 0 && aligned.length === segmentBytes(count, width);
  return isWhole ? viewOf(aligned, width, count) : null;
}

/** What a change of the segment starts from. The entries' bytes are views. */
export function entriesOf({ count, width, expiresAt, answers, questions, values, copies }: Segment): IndexEntry[] {
  return Array.from({ length: count }, (_, row) => ({
    question: questions.subarray(row * QUESTION_BYTES, (row + 1) * QUESTION_BYTES),
    expiresAt: expiresAt[row] ?? 0,
    answer: answers[row] ?? 0,
    isCopy: copies[row] === 1,
    values: values.subarray(row * width, (row + 1) * width),
  }));
}

function viewOf({ buffer, byteOffset }: Uint8Array<ArrayBuffer>, width: number, count: number): Segment {
  let at = byteOffset + HEADER_BYTES;
  const take = (length: number): number => {
    const from = at;
    at += length;
    return from;
  };
  return {
    count,
    width,
    expiresAt: new Uint32Array(buffer, take(4 * count), count),
    inverseLengths: new Float32Array(buffer, take(4 * count), count),
    answers: new Uint32Array(buffer, take(4 * count), count),
    questions: new Uint8Array(buffer, take(QUESTION_BYTES * count), QUESTION_BYTES * count),
    signs: new Uint8Array(buffer, take((width / 8) * count), (width / 8) * count),
    values: new Int8Array(buffer, take(width * count), width * count),
    copies: new Uint8Array(buffer, take(count), count),
  };
}
