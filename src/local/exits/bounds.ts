/**
 * Upper confidence bounds on the probability of a miss, from `misses` among `rows`. Pure.
 *
 * `clopperPearson` holds for one look at a number of rows that was fixed beforehand: the manifest's rows.
 * `anytimeBound` holds at all numbers of rows at once, so it may be looked at after every row and acted upon: feedback.
 */
import { logBeta, logRegularisedBeta } from './beta.ts';

export interface Evidence {
  rows: number;
  misses: number;
}

/** Jeffreys' choice: half the prior weight lies below a quarter of the constraint, where good policies are. */
const PRIOR = 0.5;

/** Clopper and Pearson (1934): the largest probability that would still show so few misses with probability `alpha`. */
export function clopperPearson({ rows, misses }: Evidence, alpha: number): number {
  if (misses >= rows) {
    return 1;
  }
  const wanted = Math.log1p(-alpha);
  return bisect((p) => logRegularisedBeta(p, misses + 1, rows - misses) < wanted);
}

/**
 * ln of the evidence against "a miss has probability `constraint` or more": a likelihood ratio, mixed over
 * alternatives p below the constraint with density proportional to p^(-1/2). As long as the claim is true its expected
 * value stays at or below 1, so by Ville's inequality it ever reaches 1/alpha with probability alpha at most
 * (Robbins 1970; Waudby-Smith and Ramdas 2023, arXiv 2010.09686, of which this is the case of zeros and ones).
 */
export function logEvidence({ rows, misses }: Evidence, constraint: number): number {
  const a = PRIOR + misses;
  const b = 1 + rows - misses;
  return (
    Math.log(PRIOR) -
    (PRIOR + misses) * Math.log(constraint) -
    (rows - misses) * Math.log1p(-constraint) +
    logBeta(a, b) +
    logRegularisedBeta(constraint, a, b)
  );
}

/** The least probability against which the evidence suffices at `alpha`; 1 without rows. */
export function anytimeBound(evidence: Evidence, alpha: number): number {
  const wanted = -Math.log(alpha);
  return bisect((p) => p === 0 || logEvidence(evidence, p) < wanted);
}

/** True where `clopperPearson` lies at or below `constraint`. */
export function isBounded({ rows, misses }: Evidence, constraint: number, alpha: number): boolean {
  return misses < rows && logRegularisedBeta(constraint, misses + 1, rows - misses) >= Math.log1p(-alpha);
}

/** The edge between where `isBelow` is true and where it is no longer, between 0 and 1; never too small. */
function bisect(isBelow: (p: number) => boolean): number {
  let low = 0;
  let high = 1;
  for (let round = 0; round < 40; round++) {
    const middle = (low + high) / 2;
    if (isBelow(middle)) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return high;
}
