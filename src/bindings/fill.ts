/**
 * The state of one shared fill: what came so far, who wants it, and whether its lead is alive. Plain values, since a request may not
 * touch what belongs to another's: followers look at it by timers of their own.
 */
import type { Problem } from '../contract/problem.ts';
import type { Usage } from '../contract/usage.ts';

export interface Fill {
  readonly key: string;
  state: FillState;
  /** Followers that are there. */
  followers: number;
  isLeadThere: boolean;
  /** How often followers woke since the lead did. */
  missed: number;
  /** When the lead last woke. */
  aliveAt: number;
  chunks: Uint8Array[];
  /** Chunks that were dropped from the front, since they are too many to keep. */
  dropped: number;
  bytes: number;
  usage: Usage | null;
  /** Known at the end. */
  isStorable: boolean;
}

export type FillState =
  | { kind: 'waiting' }
  | { kind: 'failed'; problem: Problem }
  | { kind: 'whole'; body: string; origin: string }
  | { kind: 'streaming' | 'ended' | 'broken'; origin: string };

export function createFill(key: string, now: number): Fill {
  return {
    key,
    state: { kind: 'waiting' },
    followers: 0,
    isLeadThere: true,
    missed: 0,
    aliveAt: now,
    chunks: [],
    dropped: 0,
    bytes: 0,
    usage: null,
    isStorable: false,
  };
}

/** Keeps a chunk for all; beyond `maxBytes` the oldest are dropped. */
export function addChunk(fill: Fill, chunk: Uint8Array, maxBytes: number): void {
  fill.chunks.push(chunk);
  fill.bytes += chunk.length;
  while (fill.bytes > maxBytes && fill.chunks.length > 1) {
    fill.bytes -= fill.chunks.shift()?.length ?? 0;
    fill.dropped += 1;
  }
}

/** The chunk at a place counted from the beginning: undefined where it has not come yet, null where it was dropped. */
export function chunkAt(fill: Fill, place: number): Uint8Array | undefined | null {
  return place < fill.dropped ? null : fill.chunks[place - fill.dropped];
}

export function isOver({ state: { kind } }: Fill): boolean {
  return kind !== 'waiting' && kind !== 'streaming';
}
