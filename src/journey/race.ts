/** One call to an origin, and behind a slow one a second to another: the first to begin an answer gives it, and the other is given up. */
import type { Ports } from '../contract/ports.ts';
import type { Result } from '../contract/problem.ts';
import type { Recorder } from '../contract/trace.ts';
import type { Pick as Picked } from '../origin/pick.ts';
import { toSlowMs } from '../origin/slow.ts';
import { OUTRUN, settle, UNNEEDED, type Attempt, type Failure, type Work } from './work.ts';

export interface Race<T> {
  work: Work<T>;
  ports: Pick<Ports, 'board' | 'clock' | 'wait'>;
  recorder: Recorder;
  choose: (tried: readonly string[]) => Result<Picked>;
}

/** `by`: the origins that failed. */
export type Outcome<T> = Extract<Attempt<T>, { kind: 'answered' }> | (Failure & { by: readonly string[] });

/** A call, and behind a slow one a second: the first to begin an answer gives it. */
export async function race<T>(picked: Picked, { work, ports, recorder, choose }: Race<T>): Promise<Outcome<T>> {
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

function describePick({ score, by, from }: Picked): string {
  return `by ${by} of ${from.length}, ${Math.round(score.totalMs - score.costMs)} ms expected`;
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
