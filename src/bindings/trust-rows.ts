/**
 * A domain's state as two texts: what changes with each report, which is small, and what it learns from, which is written where something
 * was learnt. Pure. What cannot be read is told from nothing: a state that began anew would have forgotten what was served.
 */
import { z } from 'zod';
import { requirePublication } from '../cache/trust/publication-shape.ts';
import type { TrustState } from '../cache/trust/state.ts';
import type { KeptState } from './trust-tables.ts';

export interface PackedState {
  core: string;
  memory: string;
}

const amount = z.number().nonnegative();
const coreShape = z.looseObject({
  state: z.looseObject({
    settings: z.looseObject({ delta: amount, stake: amount }),
    requests: amount,
    labels: amount,
    ledger: z.array(z.object({ share: amount, alpha: amount, hits: amount, found: amount, failed: amount })).min(1),
    bounds: z.object({ now: amount, next: amount }),
  }),
  counts: z.looseObject({ requests: amount, nearHits: amount }),
  published: amount,
  publishedAt: amount,
  activeAt: amount,
});
const memoryShape = z.object({
  rows: z.array(z.looseObject({ features: z.array(z.number()) })),
  scores: z.array(z.number()),
  barred: z.array(z.string()),
  records: z.record(z.string(), z.unknown()),
});

/** The publication's lists are the state's own. */
export function packCore({ state, ...kept }: KeptState): string {
  const nothing = { rows: [], scores: [], barred: [], records: {} };
  const publication = { ...state.publication, barred: [], records: {} };
  return JSON.stringify({ ...kept, state: { ...state, ...nothing, publication } });
}

/** The latest scores are kept with what was learnt last: those since then are not missed. */
export function packMemory({ rows, scores, barred, records }: TrustState): string {
  return JSON.stringify({ rows, scores, barred, records });
}

/** Whether one's memory is the other's, but for scores. */
export function isSameMemory(one: TrustState, other: TrustState): boolean {
  return one.rows === other.rows && one.barred === other.barred && one.records === other.records;
}

/** Null where one of them cannot be read. */
export function unpack({ core, memory }: PackedState): KeptState | null {
  try {
    const { state, ...kept } = coreShape.parse(JSON.parse(core)) as unknown as KeptState;
    const known = memoryShape.parse(JSON.parse(memory)) as unknown as Pick<
      TrustState,
      'rows' | 'scores' | 'barred' | 'records'
    >;
    const { barred, records } = known;
    const publication = requirePublication({ ...state.publication, barred, records });
    return publication === null ? null : { ...kept, state: { ...state, ...known, publication } };
  } catch {
    return null;
  }
}
