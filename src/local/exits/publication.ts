/** What the controller publishes and every isolate acts upon: plain JSON, complete in itself. */
import { allOff, type ExitPolicy } from './policy.ts';
import type { ExitSettings } from './settings.ts';
import type { TrafficReference } from './traffic.ts';

/** How far the policy in force is tightened: not at all, to the guard, or exits off. */
export type Caution = 'none' | 'guard' | 'off';

export interface ExitPublication {
  /** Of the settings, the costs and what the model ships: who has others does not act upon it. */
  basis: string;
  /** Grows with each change. */
  version: number;
  /** Counts the changes of the world that were noticed; what was learnt before one is void after it. */
  stretch: number;
  /** Milliseconds since the epoch. */
  publishedAt: number;
  source: 'nothing' | 'manifest' | 'feedback';
  live: ExitPolicy;
  /** A far stricter certified policy for times of doubt. */
  guard: ExitPolicy;
  caution: Caution;
  /** The upper confidence bound on the live policy's disagreement, rounded up by a tenth at most; null while exits are off. */
  bound: number | null;
  /** The share of requests to sample while all is calm, and at most. */
  share: number;
  maxShare: number;
  constraint: number;
  reference: TrafficReference | null;
}

/** Exits off, and as much feedback as is allowed. */
export function nothingPublished(
  ramps: number,
  settings: ExitSettings,
  { basis, now }: { basis: string; now: number },
): ExitPublication {
  return {
    basis,
    version: 1,
    stretch: 0,
    publishedAt: now,
    source: 'nothing',
    live: allOff(ramps),
    guard: allOff(ramps),
    caution: 'none',
    bound: null,
    share: settings.maxShare,
    maxShare: settings.maxShare,
    constraint: settings.constraint,
    reference: null,
  };
}
