/**
 * What an isolate knows of a scope before it is published: entries it has stored, and what it has removed. Pure: a state,
 * and the next one.
 */
import type { ScopeManifest } from './manifest.ts';
import { decodeSegment, encodeSegment, type IndexEntry, type Segment } from './segment.ts';

export interface OwnEntries {
  /** By question; `seq` is the writer's. */
  entries: ReadonlyMap<string, IndexEntry & { seq: number }>;
  removed: ReadonlyMap<string, number>;
  /** Manifests before this are of no use: the scope was purged. */
  purgedAt: number;
  width: number;
}

/** More would take longer to look through than is worth; the oldest are left to the manifest. */
const MOST = 512;

export const NOTHING_OWN: OwnEntries = { entries: new Map(), removed: new Map(), purgedAt: 0, width: 0 };

export function withAppended(
  own: OwnEntries,
  appended: readonly (readonly [question: string, entry: IndexEntry])[],
  seq: number,
): OwnEntries {
  const entries = new Map(own.entries);
  const removed = new Map(own.removed);
  for (const [question, entry] of appended) {
    entries.delete(question);
    entries.set(question, { ...entry, seq });
    removed.delete(question);
  }
  const kept = [...entries].slice(-MOST);
  return { ...own, entries: new Map(kept), removed, width: appended[0]?.[1].values.length ?? own.width };
}

export function withRemoved(own: OwnEntries, question: string, seq: number): OwnEntries {
  const entries = new Map([...own.entries].filter(([name]) => name !== question));
  return { ...own, entries, removed: new Map([...own.removed, [question, seq] as const].slice(-MOST)) };
}

export function withPurged(own: OwnEntries, seq: number): OwnEntries {
  return { ...NOTHING_OWN, width: own.width, purgedAt: seq };
}

/** Without what the manifest has. */
export function withoutPublished(own: OwnEntries, { through }: Pick<ScopeManifest, 'through'>): OwnEntries {
  return {
    ...own,
    entries: new Map([...own.entries].filter(([, { seq }]) => seq > through)),
    removed: new Map([...own.removed].filter(([, seq]) => seq > through)),
  };
}

export function isNothing({ entries, removed, purgedAt }: OwnEntries): boolean {
  return entries.size === 0 && removed.size === 0 && purgedAt === 0;
}

export function ownBytes({ entries, removed, width }: OwnEntries): number {
  return 400 + entries.size * (width + 400) + removed.size * 100;
}

export function toLayer({ entries, width }: OwnEntries): Segment {
  const layer = decodeSegment(encodeSegment([...entries.values()], width));
  if (layer === null) {
    throw new Error('own entries: expected a segment that can be read, received another');
  }
  return layer;
}
