/**
 * Has an origin do a piece of work: the best one, another where that fails before its answer has begun, and both at once where the first is
 * slower than it nearly ever is. Extra calls come out of a budget, so that a failure is never multiplied.
 */
import { toDraws } from '../contract/draw.ts';
import type { Ports } from '../contract/ports.ts';
import { fail, succeed, type Problem, type Result } from '../contract/problem.ts';
import type { Place, RoutingPolicy } from '../contract/request.ts';
import type { PrefixBlock } from '../contract/routing.ts';
import type { Settings } from '../contract/settings.ts';
import type { Recorder } from '../contract/trace.ts';
import { backOffMs } from '../origin/budget.ts';
import type { Needs } from '../origin/filter.ts';
import type { Key, Pick as Picked } from '../origin/pick.ts';
import { route } from '../origin/route.ts';
import type { Score } from '../origin/score.ts';
import { toSlowMs } from '../origin/slow.ts';

/** What an origin is to do, `T` being what comes of it. */
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

/** An origin, another one, and once more. */
const MAX_ATTEMPTS = 3;

/** Why a call is given up whose answer is no longer wanted, for another origin was faster. */
export const OUTRUN = Symbol('outrun');
/** The same of the one that was asked second. */
export const UNNEEDED = Symbol('unneeded');

type RoutedPorts = Pick<Ports, 'board' | 'clock' | 'wait'>;

export async function failOver<T>(
  work: Work<T>,
  ports: RoutedPorts,
  settings: Settings,
  recorder: Recorder,
): Promise<Result<T>> {
  const doubts: Doubt[] = [];
  const result = await askInTurn(work, ports, settings, recorder, doubts);
  // What none of them can answer is the request's own fault: held against them, one client's request would close a model for all.
  settle(doubts, result.ok || doubts.length === 1);
  return result;
}

function settle(doubts: readonly Doubt[], areTheirs: boolean): void {
  doubts.forEach((doubt) => doubt(areTheirs));
}

async function askInTurn<T>(
  work: Work<T>,
  ports: RoutedPorts,
  settings: Settings,
  recorder: Recorder,
  doubts: Doubt[],
): Promise<Result<T>> {
  const random = toDraws(work.id);
  const choose = createChooser(work, ports, settings, random);
  const tried: string[] = [];
  let last: Failure | null = null;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    let routed = choose(tried, last);
    if (!routed.ok) {
      return last === null ? routed : fail(last.problem);
    }
    if (last === null) {
      ports.board.earn();
    } else {
      // The first time alone, for it may be the request that kills them; and elsewhere, where it adds no load.
      const isFree = last.isLost && attempt === 1 && !tried.includes(idOf(routed.value));
      if (!isFree && !ports.board.spend('retry')) {
        break;
      }
      await ports.wait(backOffMs(attempt, random), work.signal);
      routed = choose(tried, last);
      if (!routed.ok) {
        break;
      }
    }
    const outcome = await race(routed.value, { work, ports, recorder, choose: (more) => choose([...tried, ...more]) });
    if (outcome.kind === 'answered') {
      return succeed(outcome.value);
    }
    last = outcome;
    doubts.push(...outcome.doubts);
    tried.push(...outcome.by);
    if (!outcome.mayRetry || !work.retries) {
      break;
    }
  }
  return fail(last?.problem ?? { kind: 'internal' });
}

function idOf({ score }: Picked): string {
  return score.candidate.origin.id;
}

type Choose = (tried: readonly string[], last?: Failure | null) => Result<Picked>;

/** Where all have been tried, and the last connection failed, one may be asked once more. */
function createChooser<T>(
  work: Work<T>,
  { board, clock }: RoutedPorts,
  settings: Settings,
  random: () => number,
): Choose {
  const { needs, job, blocks, key } = work;
  const choose = (tried: readonly string[]): Result<Picked> =>
    route({
      origins: board.origins(),
      needs,
      job: { ...job, warmTokens: (origin) => board.prefixes.warmTokens(origin, blocks) },
      board: board.views(),
      key,
      tried,
      now: clock.now(),
      random,
      settings: { breaker: settings.origin.breaker },
    });
  return (tried, last = null) => {
    const routed = choose(tried);
    return !routed.ok && last?.isLost === true ? choose([]) : routed;
  };
}

function describePick({ score, by, from }: Picked): string {
  return `by ${by} of ${from.length}, ${Math.round(score.totalMs - score.costMs)} ms expected`;
}

interface Race<T> {
  work: Work<T>;
  ports: RoutedPorts;
  recorder: Recorder;
  choose: (tried: readonly string[]) => Result<Picked>;
}

type Outcome<T> = Extract<Attempt<T>, { kind: 'answered' }> | (Failure & { by: readonly string[] });

/** A call, and behind a slow one a second: the first to begin an answer gives it. */
async function race<T>(picked: Picked, { work, ports, recorder, choose }: Race<T>): Promise<Outcome<T>> {
  const first = start(picked, work, recorder);
  const slowMs = work.hedges ? toSlowMs(picked.score, work.isStream, ports.clock.now()) : null;
  const done = new AbortController();
  const early =
    slowMs === null ? await first.outcome : await Promise.race([first.outcome, ports.wait(slowMs, done.signal)]);
  done.abort();
  if (early !== undefined) {
    return early;
  }
  const other = choose([first.origin]);
  if (!other.ok || !ports.board.spend('hedge')) {
    return first.outcome;
  }
  const second = start(other.value, work, recorder);
  return firstToAnswer(first, second, work);
}

interface Started<T> {
  origin: string;
  outcome: Promise<Outcome<T>>;
  giveUp(why: symbol): void;
}

function start<T>(picked: Picked, work: Work<T>, recorder: Recorder): Started<T> {
  const { id } = picked.score.candidate.origin;
  const outrun = new AbortController();
  const signal = AbortSignal.any([work.signal, outrun.signal]);
  const outcome = recorder.stage(
    'origin',
    async (): Promise<Outcome<T>> => {
      const attempt = await work.callAt(picked.score, signal);
      return attempt.kind === 'answered' ? attempt : { ...attempt, by: [id] };
    },
    (ended) =>
      ended.kind === 'answered'
        ? { decision: id, detail: describePick(picked) }
        : { decision: `${id} ${ended.problem.kind}`, detail: ended.detail },
  );
  return { origin: id, outcome, giveUp: (why) => outrun.abort(why) };
}

async function firstToAnswer<T>(first: Started<T>, second: Started<T>, { dismiss }: Work<T>): Promise<Outcome<T>> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome<T>>();
  let failed: (Failure & { by: readonly string[] }) | null = null;
  let isDecided = false;
  const watch = async (mine: Started<T>, other: Started<T>, why: symbol): Promise<void> => {
    const outcome = await mine.outcome;
    if (isDecided) {
      if (outcome.kind === 'answered') {
        dismiss(outcome.value);
      } else {
        settle(outcome.doubts, true);
      }
      return;
    }
    if (outcome.kind === 'failed' && outcome.mayRetry && failed === null) {
      failed = outcome;
      return;
    }
    isDecided = true;
    other.giveUp(why);
    const [by, doubts] = [failed?.by ?? [], failed?.doubts ?? []];
    if (outcome.kind === 'answered') {
      settle(doubts, true);
      resolve(outcome);
    } else {
      resolve({ ...outcome, by: [...by, ...outcome.by], doubts: [...doubts, ...outcome.doubts] });
    }
  };
  watch(first, second, UNNEEDED).catch(reject);
  watch(second, first, OUTRUN).catch(reject);
  return promise;
}
