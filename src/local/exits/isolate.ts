/**
 * One isolate's part: the publication it acts upon, its own watch over the traffic it answers, and what it has seen since
 * it last told the controller. State in, state out. Pure.
 */
import { exitOf, type ExitPolicy } from './policy.ts';
import type { ExitPublication } from './publication.ts';
import type { ExitSample } from './sample.ts';
import type { ExitReport } from './state.ts';
import { addTallies, tallyOf, tallyOfExit, type Tally } from './traffic.ts';
import { observeSample, observeTraffic, policyInForce, watchOf, type Watch } from './watch.ts';

export interface IsolateExits {
  readonly publication: ExitPublication;
  readonly watch: Watch;
  readonly samples: readonly ExitSample[];
  readonly tally: Tally | null;
}

/** What a request was answered by, which may be another publication than the one there is when it ends. */
export interface Turn {
  stretch: number;
  reference: number | null;
  /** The published policy itself let it leave: not a stricter one, nor one that the request asked for. */
  isLive: boolean;
}

/** Samples kept for the next report; there are more only while the controller is away, and then the first ones stay. */
export const MAX_SAMPLES = 256;

/** Keeps what `former` has seen as far as the publication did not make it void. */
export function isolateOf(publication: ExitPublication, former: IsolateExits | null): IsolateExits {
  const isSameStretch = former?.publication.stretch === publication.stretch;
  const isSameReference = former?.tally?.reference === publication.reference?.id;
  return {
    publication,
    watch: watchOf(publication, former?.watch ?? null),
    samples: isSameStretch ? former.samples : [],
    tally: isSameReference ? (former?.tally ?? null) : null,
  };
}

/** A controller that lost its state counts versions anew, so time decides first. */
export function isNewer(one: ExitPublication, other: ExitPublication): boolean {
  return one.publishedAt === other.publishedAt ? one.version > other.version : one.publishedAt > other.publishedAt;
}

export function turnOf({ publication }: IsolateExits, policy: ExitPolicy): Turn {
  const { stretch, reference, live } = publication;
  return { stretch, reference: reference?.id ?? null, isLive: policy === live };
}

/**
 * The policy for a request that asks for an agreement of its own: what the model ships for it while what it ships is in
 * force (feedback may have refuted it otherwise), else the policy in force where its constraint suffices; null where
 * nothing does. A bound below the constraint is no promise: the policy was chosen at the constraint, among many.
 */
export function policyAt(
  { publication, watch }: IsolateExits,
  accuracy: number,
  shipped: ExitPolicy | null,
): ExitPolicy | null {
  const policy = policyInForce(publication, watch);
  if (publication.source === 'manifest' && policy === publication.live && shipped !== null) {
    return shipped;
  }
  // 1 - 0.99 is a little over 0.01.
  return publication.constraint <= 1 - accuracy + 1e-9 ? policy : null;
}

/** Of every input that was answered. */
export function notePassage(
  state: IsolateExits,
  turn: Turn,
  { confidences, exit }: { confidences: readonly (number | null)[]; exit: number | null },
): IsolateExits {
  const { reference } = state.publication;
  if (reference === null || reference.id !== turn.reference) {
    return state;
  }
  const confidence = confidences[reference.sentinel] ?? null;
  const leftAt = turn.isLive ? exit : undefined;
  return confidence === null ? state : count(state, tallyOf(reference, { confidence, leftAt }));
}

/** Of a sampled input, whose ramps all spoke: noted before by {@link notePassage}. */
export function noteSample(state: IsolateExits, turn: Turn, sample: ExitSample): IsolateExits {
  const { publication } = state;
  if (turn.stretch !== publication.stretch) {
    return state;
  }
  const noted: IsolateExits = {
    ...state,
    watch: observeSample(state.watch, publication, sample),
    samples: state.samples.length < MAX_SAMPLES ? [...state.samples, sample] : state.samples,
  };
  const { reference, live } = publication;
  // Where another policy let it leave, it is known only now where the published one would have.
  const isUncounted = reference !== null && reference.id === turn.reference && !turn.isLive;
  return isUncounted ? count(noted, tallyOfExit(reference, exitOf(live, sample.confidences))) : noted;
}

/** What is to be told, and the state without it: a report is sent once, whatever becomes of it. */
export function takeReport(state: IsolateExits): { report: ExitReport | null; state: IsolateExits } {
  const { samples, tally, publication } = state;
  const isEmpty = samples.length === 0 && tally === null;
  return {
    report: isEmpty ? null : { stretch: publication.stretch, samples, tally },
    state: { ...state, samples: [], tally: null },
  };
}

function count(state: IsolateExits, tally: Tally): IsolateExits {
  return {
    ...state,
    watch: observeTraffic(state.watch, state.publication, tally),
    tally: state.tally === null ? tally : addTallies(state.tally, tally),
  };
}
