/** A piece of work that an origin is to do, and what comes of asking for it. */
import type { Problem } from '../contract/problem.ts';
import type { Place, RoutingPolicy } from '../contract/request.ts';
import type { PrefixBlock } from '../contract/routing.ts';
import type { Needs } from '../origin/filter.ts';
import type { Key } from '../origin/pick.ts';
import type { Score } from '../origin/score.ts';

/** `T`: what comes of it. */
export interface Work<T> {
  /** The request's. */
  id: string;
  signal: AbortSignal;
  needs: Needs;
  job: { place: Place; policy: RoutingPolicy; promptTokens: number; answerTokens: number };
  blocks: readonly PrefixBlock[];
  key: Key | null;
  isStream: boolean;
  /** Whether another origin may be asked as well where the first is late. */
  hedges: boolean;
  /** Whether another may be asked where one fails. */
  retries: boolean;
  /** Settles once the answer has begun. Throws for bugs alone. */
  callAt: (score: Score, signal: AbortSignal) => Promise<Attempt<T>>;
  /** For an answer that came after another origin's. */
  dismiss: (value: T) => void;
}

export type Attempt<T> = { kind: 'answered'; value: T } | Failure;

export interface Failure {
  kind: 'failed';
  problem: Problem;
  /** For the trace. */
  detail: string;
  mayRetry: boolean;
  /** The connection failed: the origin does nothing for the request any more, so that another call adds no load. */
  isLost: boolean;
  /** Of the origins that answered, and not with an answer: the request may be at fault. Each waits to be settled. */
  doubts: readonly Doubt[];
}

/** Notes of a call that has ended whether that was the origin's fault. */
export type Doubt = (isTheirs: boolean) => void;

/** Tells all of them. */
export function settle(doubts: readonly Doubt[], areTheirs: boolean): void {
  doubts.forEach((doubt) => doubt(areTheirs));
}

/** Why a call is given up whose answer is no longer wanted, for another origin was faster. */
export const OUTRUN = Symbol('outrun');
/** The same of the one that was asked second. */
export const UNNEEDED = Symbol('unneeded');
