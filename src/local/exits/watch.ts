/**
 * The reflex: tightens at the first sign and looks afterwards. Pure. Each isolate watches its own traffic, so that it
 * need not wait for the controller and KV; the controller watches all of them together. A sign costs little (a stricter
 * policy and more feedback for a few dozen requests), so one labelled miss is sign enough.
 */
import { logShift, noShift, observeCounts, type Shift } from './drift.ts';
import { allOff, isMissed, type ExitPolicy } from './policy.ts';
import type { Caution, ExitPublication } from './publication.ts';
import type { ExitSample } from './sample.ts';
import { AIM } from './settings.ts';
import type { Tally } from './traffic.ts';
import { calm, logAlarm, observeMiss, type Alternatives, type Detector } from './violation.ts';

export interface Watch {
  readonly stretch: number;
  readonly reference: number | null;
  readonly unease: Detector;
  readonly bins: Shift;
  readonly exits: Shift;
}

/** One miss lifts unease to 4, past the first edge; it takes some 90 rows without one to fall below. A second, past the other. */
const UNEASY = Math.log(1.3);
const ALARMED = Math.log(5.2);
/** Mean requests between false signs of drift, at least; the last one voids all that was certified. */
const DOUBT_REQUESTS = 50;
export const DRIFT_REQUESTS = 100_000;

/** Keeps what `former` knows as far as the publication did not make it void. */
export function watchOf({ stretch, constraint, reference }: ExitPublication, former: Watch | null): Watch {
  const isSameStretch = former?.stretch === stretch;
  const keepsShift = isSameStretch && former.reference === (reference?.id ?? null);
  return {
    stretch,
    reference: reference?.id ?? null,
    unease: isSameStretch ? former.unease : calm(uneaseAt(constraint)),
    bins: keepsShift ? former.bins : noShift(reference?.bins.length ?? 0),
    exits: keepsShift ? former.exits : noShift(reference?.exits.length ?? 0),
  };
}

/** Counts of requests, without labels; ignored where they belong to another reference. */
export function observeTraffic(watch: Watch, { reference }: ExitPublication, tally: Tally): Watch {
  if (reference === null || tally.reference !== reference.id || watch.reference !== reference.id) {
    return watch;
  }
  return {
    ...watch,
    bins: observeCounts(watch.bins, tally.bins, reference.bins),
    exits: observeCounts(watch.exits, tally.exits, reference.exits),
  };
}

/** A labelled row, judged as if the live policy had answered it, whichever was in force. */
export function observeSample(watch: Watch, { live, constraint }: ExitPublication, sample: ExitSample): Watch {
  return { ...watch, unease: observeMiss(watch.unease, isMissed(live, sample), uneaseAt(constraint)) };
}

export function cautionOf(watch: Watch): Caution {
  const unease = logAlarm(watch.unease);
  const drift = logDrift(watch);
  if (unease >= ALARMED || drift >= Math.log(DRIFT_REQUESTS)) {
    return 'off';
  }
  return unease >= UNEASY || drift >= Math.log(DOUBT_REQUESTS) ? 'guard' : 'none';
}

/** ln of the mean evidence for drift of the two signals. */
export function logDrift({ bins, exits }: Watch): number {
  return Math.log((Math.exp(logShift(bins)) + Math.exp(logShift(exits))) / 2);
}

/** The policy that answers: the published one, as far as neither the controller nor this isolate has doubts. */
export function policyInForce(publication: ExitPublication, watch: Watch): ExitPolicy {
  const own = cautionOf(watch);
  const { live, guard, caution } = publication;
  if (own === 'off' || caution === 'off') {
    return allOff(live.thresholds.length);
  }
  return own === 'guard' || caution === 'guard' ? guard : live;
}

function uneaseAt(constraint: number): Alternatives {
  const allowed = AIM * constraint;
  return { allowed, rates: [4 * allowed] };
}
