/**
 * What every request shows without a label, counted over a few bins: its confidence at the sentinel (the first ramp of
 * the published policy) and where it left. Pure.
 */
import { toReference } from './drift.ts';
import { toConfidence } from './levels.ts';
import { exitOfRow, countRows, type Rows } from './sample.ts';

/** What the traffic looked like where the policy was certified. */
export interface TrafficReference {
  /** The publication's version that first carried it: counts of another reference are not comparable. */
  id: number;
  sentinel: number;
  /** Confidences between the bins, rising. */
  edges: number[];
  /** Share of requests by bin of the sentinel's confidence, and by exit (the ramps, then the end). */
  bins: number[];
  exits: number[];
}

/** Counts of one isolate since its last report. */
export interface Tally {
  reference: number;
  bins: number[];
  exits: number[];
}

export interface Seen {
  /** At the sentinel, which is computed for every request, also while its policy is not in force. */
  confidence: number;
  /** Where the live policy lets it leave: a ramp, null for the end; undefined where another was in force and it was not sampled. */
  leftAt: number | null | undefined;
}

const BINS = 8;
/** With fewer rows the reference's own chance errors would look like drift. */
const MIN_ROWS = 300;

/** Bins of about equal shares of the rows. Null with too few rows, or where no ramp is on. */
export function referenceOf(rows: Rows, thresholds: readonly number[], id: number): TrafficReference | null {
  const count = countRows(rows);
  const sentinel = thresholds.findIndex((level) => level <= 255);
  if (sentinel < 0 || count < MIN_ROWS) {
    return null;
  }
  const levels = Array.from({ length: count }, (_, row) => rows.codes[row * (1 + rows.ramps) + 1 + sentinel] ?? 0);
  levels.sort((a, b) => a - b);
  const cuts = new Set(Array.from({ length: BINS - 1 }, (_, i) => levels[Math.floor(((i + 1) * count) / BINS)] ?? 0));
  const edges = [...cuts].filter((level) => level > 0).map(toConfidence);
  const bins = Array.from({ length: edges.length + 1 }, () => 0);
  const exits = Array.from({ length: rows.ramps + 1 }, () => 0);
  for (const [row, level] of levels.entries()) {
    addOne(bins, binOf(edges, toConfidence(level)));
    addOne(exits, exitOfRow(rows, row, thresholds));
  }
  return { id, sentinel, edges, bins: toReference(bins), exits: toReference(exits) };
}

export function emptyTally({ id, bins, exits }: TrafficReference): Tally {
  return { reference: id, bins: bins.map(() => 0), exits: exits.map(() => 0) };
}

export function tallyOf(reference: TrafficReference, { confidence, leftAt }: Seen): Tally {
  const tally = emptyTally(reference);
  addOne(tally.bins, binOf(reference.edges, confidence));
  if (leftAt !== undefined) {
    addOne(tally.exits, leftAt ?? reference.exits.length - 1);
  }
  return tally;
}

/** Of a request whose confidence was counted before it was known where the live policy lets it leave; null for the end. */
export function tallyOfExit(reference: TrafficReference, leftAt: number | null): Tally {
  const tally = emptyTally(reference);
  addOne(tally.exits, leftAt ?? reference.exits.length - 1);
  return tally;
}

/** Both tallies together; of two references, the later one's alone. */
export function addTallies(a: Tally, b: Tally): Tally {
  if (a.reference !== b.reference) {
    return a.reference > b.reference ? a : b;
  }
  return {
    reference: a.reference,
    bins: a.bins.map((count, i) => count + (b.bins[i] ?? 0)),
    exits: a.exits.map((count, i) => count + (b.exits[i] ?? 0)),
  };
}

function binOf(edges: readonly number[], confidence: number): number {
  const bin = edges.findIndex((edge) => !(confidence >= edge));
  return bin < 0 ? edges.length : bin;
}

function addOne(counts: number[], at: number): void {
  counts[at] = (counts[at] ?? 0) + 1;
}
