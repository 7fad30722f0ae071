/** What the controller of one namespace knows, is told, and publishes. Plain JSON of bounded size. */
import type { EntryRecord } from './features.ts';
import type { GeneralHead, Head } from './head.ts';
import type { LabelledRow } from './learn.ts';
import type { Ledger } from './ledger.ts';
import type { TrustSettings } from './settings.ts';
import type { Shift } from './shift.ts';

export interface TrustLabel {
  /** The candidate's. */
  entry: string;
  features: readonly number[];
  /** The candidate's answer, held against the origin's. */
  isRight: boolean;
  /** Its answer was served: the request was one of the checked hits. */
  wasServed: boolean;
  /** With which probability such a request is labelled, above 0: 1, or the share checked. */
  probability: number;
  /** Any whole number that stays the same for this request. */
  key: number;
}

/** A client's word on a near hit. */
export type TrustFeedback = Pick<TrustLabel, 'entry' | 'features' | 'isRight' | 'key'>;

/** What isolates saw since the last report. Delivered once or not at all. */
export interface TrustReport {
  /** Requests that could have been near hits, whatever became of them. */
  requests: number;
  /** Of each of them that had a candidate, what the head published said. */
  scores: readonly number[];
  /** Near hits served, checked or not, by the share they were checked with; `failed`: those whose check could not be made. */
  hits: readonly { share: number; count: number; failed: number }[];
  labels: readonly TrustLabel[];
}

/** What isolates act upon. */
export interface TrustPublication {
  readonly version: number;
  readonly head: Head;
  /** The least score that is served; null serves nothing. */
  readonly threshold: number | null;
  /** Of near hits that are checked against the origin. */
  readonly share: number;
  /** Entries that were wrong: not served again. */
  readonly barred: readonly string[];
  /** Entries with labels of their own. */
  readonly records: Readonly<Record<string, EntryRecord>>;
  /** How many answers have been wrong so far, at most, and of how many requests. */
  readonly mostWrong: number;
  readonly requests: number;
  /** How many there have been. */
  readonly labels: number;
  /** What was known cannot be read: nothing is served, whatever is wished for. */
  readonly isLost: boolean;
}

export interface TrustState {
  readonly settings: TrustSettings;
  readonly cold: GeneralHead['cold'];
  readonly requests: number;
  readonly ledger: Ledger;
  /** How many answers have been wrong so far, at most; and how many, were the next checked one wrong. */
  readonly bounds: { readonly now: number; readonly next: number };
  /** The newest last. */
  readonly rows: readonly LabelledRow[];
  /** Of the latest requests, the newest last. */
  readonly scores: readonly number[];
  readonly labels: number;
  /** How many labels there were when the last attempt at an own head was made, and how many attempts there have been. */
  readonly learntAt: number;
  readonly attempts: number;
  readonly shift: Shift;
  /** Labels until a noticed change counts as settled. */
  readonly unsettled: number;
  /** How many labels there were at the last calibration. */
  readonly calibratedAt: number;
  /** What it found: the true odds by score. */
  readonly line: readonly [intercept: number, slope: number];
  readonly barred: readonly string[];
  readonly records: Readonly<Record<string, EntryRecord>>;
  readonly publication: TrustPublication;
}
