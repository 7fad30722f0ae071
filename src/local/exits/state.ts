/** The controller's state and what changes it: plain JSON, bounded. */
import type { Evidence } from './bounds.ts';
import type { Sequence } from './certify.ts';
import type { ExitPolicy } from './policy.ts';
import type { ExitPublication } from './publication.ts';
import type { ExitSample, Rows } from './sample.ts';
import type { ExitPlan, ExitSettings } from './settings.ts';
import type { Tally, TrafficReference } from './traffic.ts';
import type { Detector } from './violation.ts';
import type { Watch } from './watch.ts';

/** What a manifest ships: a policy, and what it did on rows that neither trained nor tuned it. */
export interface ShippedExits {
  policy: ExitPolicy;
  /** A stricter one that the manifest certifies too, for times of doubt; without it exits are off then. */
  guard?: ExitPolicy;
  evidence: Evidence;
  /** What traffic looked like there; null where that is unknown. Its `id` is ignored. */
  reference: TrafficReference | null;
}

export interface ExitState {
  readonly plan: ExitPlan;
  /** Of the costs and of what the model ships: with others, nothing that was learnt holds. */
  readonly origin: string;
  /** With the evidence grown by feedback; null once a change was noticed. */
  readonly shipped: ShippedExits | null;
  readonly rows: Rows;
  /** Tuning rows in this stretch, and how many of them there were when it last tuned. */
  readonly tuningRows: number;
  readonly tunedAt: number;
  /** Sequences ever tried, in all stretches. */
  readonly epoch: number;
  /** The sequence whose policy is live, and the one that wants to follow it. */
  readonly held: Sequence | null;
  readonly trial: Sequence | null;
  readonly violation: Detector;
  readonly watch: Watch;
  readonly publication: ExitPublication;
}

/** What an isolate has seen since its last report. Deliver each report at most once: a row counted twice is no row. */
export interface ExitReport {
  /** Of the publication the isolate acted upon: rows from before a change that was noticed since are not counted. */
  stretch: number;
  samples: readonly ExitSample[];
  tally: Tally | null;
}

export type ExitEvent =
  | { kind: 'report'; report: ExitReport }
  /** Evidence stays, claims are judged anew. */
  | { kind: 'settings'; settings: ExitSettings };
