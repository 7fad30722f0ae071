/** From all that is certified, the policy to publish. Pure. */
import { anytimeBound, clopperPearson, isBounded, type Evidence } from './bounds.ts';
import { countCertified, type Sequence } from './certify.ts';
import { digestOf } from './digest.ts';
import { allOff, fromLevels, isOff, toLevels, type ExitPolicy } from './policy.ts';
import type { ExitPublication } from './publication.ts';
import { countRows, evidenceIn } from './sample.ts';
import { AIM, type ExitPlan } from './settings.ts';
import { calmShare } from './share.ts';
import type { ExitState } from './state.ts';
import { referenceOf, type TrafficReference } from './traffic.ts';
import { fullMs, isWithinBudget, savedMs, toActive } from './utility.ts';
import { cautionOf } from './watch.ts';

interface Option {
  source: 'manifest' | 'feedback';
  sequence: Sequence | null;
  live: ExitPolicy;
  guard: ExitPolicy;
  evidence: Evidence;
  bound: number;
}

/** A certified policy is taken, or takes another's place, for this much of the full model's time. */
const WORTH = 0.01;
/** A shipped policy is taken on trust to save time until there are so many rows. */
const JUDGING_ROWS = 100;
/** Of published bounds. */
const STEP = 1.1;

export function choosePublication(
  state: ExitState,
  now: number,
): { held: Sequence | null; trial: Sequence | null; publication: ExitPublication } {
  const { held, trial, publication } = state;
  const chosen = choose(state);
  const isPromoted = chosen !== null && chosen.sequence !== null && chosen.sequence === trial;
  const next = toPublication(state, chosen, now);
  return {
    held: isPromoted ? trial : held,
    trial: isPromoted ? null : trial,
    publication: isSame(publication, next) ? publication : { ...next, version: publication.version + 1 },
  };
}

function choose(state: ExitState): Option | null {
  const { plan, rows, held, trial } = state;
  const { settings, costs } = plan;
  let chosen: Option | null = null;
  let most = 0;
  for (const option of [shippedOption(state), sequenceOption(state, held), sequenceOption(state, trial)]) {
    if (option === null) {
      continue;
    }
    const levels = toLevels(option.live);
    if (!isWithinBudget(toActive(levels), costs, settings.rampBudget)) {
      continue;
    }
    const saved = savedMs(rows, levels, costs);
    const isUnjudged = option.source === 'manifest' && countRows(rows) < JUDGING_ROWS;
    if (isUnjudged || saved > most + WORTH * fullMs(costs)) {
      [chosen, most] = [option, saved];
    }
  }
  return chosen;
}

function shippedOption({ shipped, plan }: ExitState): Option | null {
  if (shipped === null) {
    return null;
  }
  const { policy, evidence, guard = allOff(policy.thresholds.length) } = shipped;
  const bound = clopperPearson(evidence, plan.settings.alpha);
  const isCertified = bound <= plan.settings.constraint && !isOff(policy);
  return isCertified ? { source: 'manifest', sequence: null, live: policy, guard, evidence, bound } : null;
}

/** The loosest certified policy that aims well below the constraint and has kept to it on the rows at hand, too. */
function sequenceOption({ rows, plan }: ExitState, sequence: Sequence | null): Option | null {
  if (sequence === null) {
    return null;
  }
  const { constraint, alpha } = plan.settings;
  for (let i = countCertified(sequence, constraint) - 1; i >= 0; i--) {
    const levels = sequence.policies[i] ?? [];
    const evidence = { rows: sequence.rows, misses: sequence.misses[i] ?? sequence.rows };
    if (evidence.misses > AIM * constraint * evidence.rows) {
      continue;
    }
    const recent = evidenceIn(rows, levels);
    if (!isBounded(recent, constraint, alpha)) {
      continue;
    }
    const bound = Math.max(clopperPearson(recent, alpha), anytimeBound(evidence, sequence.alpha));
    return { source: 'feedback', sequence, live: fromLevels(levels), guard: guardOf(sequence, i), evidence, bound };
  }
  return null;
}

/** The loosest policy with a quarter of the live one's misses; half way to it where that one has none. */
function guardOf({ policies, misses }: Sequence, live: number): ExitPolicy {
  const allowed = (misses[live] ?? 0) / 4;
  let guard = misses[live] === 0 ? live >> 1 : live - 1;
  while (guard >= 0 && (misses[guard] ?? 0) > allowed) {
    guard--;
  }
  const levels = policies[guard];
  return levels === undefined ? allOff(policies[live]?.length ?? 0) : fromLevels(levels);
}

export function basisOf({ settings }: ExitPlan, origin: string): string {
  return digestOf({ settings, origin });
}

function toPublication(state: ExitState, chosen: Option | null, now: number): ExitPublication {
  const { plan, publication, watch } = state;
  const { settings } = plan;
  const ramps = plan.costs.ramps.length;
  const live = chosen?.live ?? allOff(ramps);
  return {
    basis: basisOf(plan, state.origin),
    version: publication.version,
    stretch: publication.stretch,
    // Who adopts the latest must not miss one that a clock set back has dated.
    publishedAt: Math.max(now, publication.publishedAt),
    source: chosen?.source ?? 'nothing',
    live,
    guard: chosen?.guard ?? allOff(ramps),
    caution: chosen === null ? 'none' : cautionOf(watch),
    bound: chosen === null ? null : roundUp(chosen.bound, settings.constraint),
    share: chosen === null ? settings.maxShare : calmShare(settings, chosen.evidence, chosen.bound),
    maxShare: settings.maxShare,
    constraint: settings.constraint,
    reference: referenceFor(state, live, chosen?.source === 'manifest'),
  };
}

/** A policy keeps its reference: drift away from what it was certified on must not become the new normal. */
function referenceFor(state: ExitState, live: ExitPolicy, isShipped: boolean): TrafficReference | null {
  const { publication, rows, shipped } = state;
  if (isOff(live)) {
    return null;
  }
  if (publication.reference !== null && isEqual(publication.live, live)) {
    return publication.reference;
  }
  const id = publication.version + 1;
  const own = isShipped ? (shipped?.reference ?? null) : null;
  return own === null ? referenceOf(rows, toLevels(live), id) : { ...own, id };
}

/** To a grid of steps of a tenth: it moves with each row, and a publication for each would be too many. */
function roundUp(bound: number, constraint: number): number {
  return Math.min(constraint, STEP ** Math.ceil(Math.log(bound) / Math.log(STEP)));
}

/** All but when it was published. */
function isSame(a: ExitPublication, b: ExitPublication): boolean {
  return isEqual({ ...a, publishedAt: 0 }, { ...b, publishedAt: 0 });
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
