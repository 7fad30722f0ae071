/**
 * The head: a logistic regression from a candidate's features to the odds that its answer is right. Pure.
 * Small on purpose: some hundred labels are enough to move it, and it can be read.
 */
export interface Head {
  /** By {@link FEATURES}. */
  readonly weights: readonly number[];
  /** False: it was fitted without the verifier, whose logit it does not look at. */
  readonly usesVerifier: boolean;
}

/** The one that every namespace starts with. */
export interface GeneralHead extends Head {
  /** The verifier says hardly ever more than this. */
  readonly mostLogit: number;
  /**
   * The least score that is served before there are labels: on streams it was not fitted on, at most a quarter of `delta`
   * of the requests were answered wrongly at it. Null: nothing is.
   */
  readonly cold: { readonly delta: number; readonly threshold: number } | null;
}

export interface Example {
  features: readonly number[];
  isRight: boolean;
  /** How many requests it stands for. */
  weight: number;
}

/** Newton's steps; the likelihood is concave and the prior keeps it from being flat. */
const ROUNDS = 15;
/** Steps beyond this come from a flat likelihood, where Newton's parabola misleads. */
const MAX_STEP = 2;

/** ln of the odds that the candidate's answer is right. */
export function scoreOf({ weights }: Head, features: readonly number[]): number {
  return dot(weights, features);
}

/**
 * The most probable weights, with a normal prior around `prior` of precision `strength` (in examples) for each of them.
 * A feature that is 0 in all examples keeps its prior weight.
 */
export function fitWeights(
  examples: readonly Example[],
  { prior, strength }: { prior: readonly number[]; strength: number },
): number[] {
  let weights = [...prior];
  for (let round = 0; round < ROUNDS; round++) {
    const { gradient, hessian } = derive(examples, weights, { prior, strength });
    const step = solve(hessian, gradient);
    const largest = Math.max(...step.map(Math.abs));
    const scale = largest > MAX_STEP ? MAX_STEP / largest : 1;
    weights = weights.map((weight, i) => weight + scale * (step[i] ?? 0));
    if (largest < 1e-6) {
      break;
    }
  }
  return weights;
}

/** Of the negative log posterior at `weights`: the gradient with its sign turned, and the Hessian by rows. */
export function derive(
  examples: readonly Example[],
  weights: readonly number[],
  { prior, strength }: { prior: readonly number[]; strength: number },
): { gradient: number[]; hessian: number[][] } {
  const gradient = weights.map((weight, i) => strength * ((prior[i] ?? 0) - weight));
  const hessian = weights.map((_, i) => weights.map((__, j) => (i === j ? strength : 0)));
  for (const { features, isRight, weight } of examples) {
    const p = logistic(dot(weights, features));
    const error = weight * (Number(isRight) - p);
    const curvature = weight * p * (1 - p);
    for (const [i, x] of features.entries()) {
      gradient[i] = (gradient[i] ?? 0) + error * x;
      const row = hessian[i] ?? [];
      for (let j = 0; j <= i; j++) {
        row[j] = (row[j] ?? 0) + curvature * x * (features[j] ?? 0);
      }
    }
  }
  for (const [i, row] of hessian.entries()) {
    for (let j = i + 1; j < hessian.length; j++) {
      row[j] = hessian[j]?.[i] ?? 0;
    }
  }
  return { gradient, hessian };
}

/** x of A x = b, A symmetric and positive definite (Cholesky). */
export function solve(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const n = b.length;
  const l = a.map(() => Array.from({ length: n }, () => 0));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = at(a, i, j);
      for (let k = 0; k < j; k++) {
        sum -= at(l, i, k) * at(l, j, k);
      }
      const row = l[i] ?? [];
      row[j] = i === j ? Math.sqrt(sum) : sum / at(l, j, j);
    }
  }
  const y: number[] = [];
  for (let i = 0; i < n; i++) {
    let sum = b[i] ?? 0;
    for (let k = 0; k < i; k++) {
      sum -= at(l, i, k) * (y[k] ?? 0);
    }
    y[i] = sum / at(l, i, i);
  }
  const x = Array.from({ length: n }, () => 0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = y[i] ?? 0;
    for (let k = i + 1; k < n; k++) {
      sum -= at(l, k, i) * (x[k] ?? 0);
    }
    x[i] = sum / at(l, i, i);
  }
  return x;
}

export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function at(matrix: readonly (readonly number[])[], row: number, column: number): number {
  return matrix[row]?.[column] ?? 0;
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    sum += (a[i] ?? 0) * (b[i] ?? 0);
  }
  return sum;
}
