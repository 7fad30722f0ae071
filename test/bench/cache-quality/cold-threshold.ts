/** The score at which a head may serve before there are labels. Pure. */
import { scoreOf, type Example, type Head } from '../../../src/cache/trust/head.ts';

/**
 * The least score at which `head` would have served at most `allowed` of `requests` wrongly, on candidates that it was not
 * fitted on; Infinity where no score is high enough.
 */
export function coldThreshold(
  head: Head,
  candidates: readonly Pick<Example, 'features' | 'isRight'>[],
  { requests, allowed }: { requests: number; allowed: number },
): number {
  const scored = candidates
    .map(({ features, isRight }) => ({ score: scoreOf(head, features), isRight }))
    .toSorted((a, b) => b.score - a.score);
  let wrong = 0;
  let threshold = Infinity;
  for (const { score, isRight } of scored) {
    wrong += Number(!isRight);
    if (wrong > allowed * requests) {
      // Those with this very score are served together.
      return threshold === score ? nextAbove(scored, score) : threshold;
    }
    threshold = score;
  }
  return threshold;
}

function nextAbove(scored: readonly { score: number }[], score: number): number {
  return scored.findLast((one) => one.score > score)?.score ?? Infinity;
}
