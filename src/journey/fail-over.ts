/**
 * Has an origin do a piece of work: the best one, another where that fails before its answer has begun, and both at once where the first is
 * slower than it nearly ever is. Extra calls come out of a budget, so that a failure is never multiplied.
 */
import { toDraws } from '../contract/draw.ts';
import type { Ports } from '../contract/ports.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';
import type { Settings } from '../contract/settings.ts';
import type { Recorder } from '../contract/trace.ts';
import { backOffMs } from '../origin/budget.ts';
import type { Pick as Picked } from '../origin/pick.ts';
import { route } from '../origin/route.ts';
import { race } from './race.ts';
import { settle, type Doubt, type Failure, type Work } from './work.ts';

/** An origin, another one, and once more. */
const MAX_ATTEMPTS = 3;

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
