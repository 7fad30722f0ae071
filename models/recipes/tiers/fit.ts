/**
 * Fits linear models to 0 and 1 with an intercept of its own for each subject, taken as drawn from a normal distribution
 * (a mixed model, by generalised least squares): what differs between two subjects counts as little evidence, however many
 * rows they have, and what differs within a subject counts in full. Ridge on the weights. Pure.
 *
 * Sums are kept by subject, so that a model without some subjects costs one solution and no pass over the rows.
 */
export interface Sample {
  subject: string;
  /** All of one length. */
  values: ArrayLike<number>;
  target: number;
}

export interface Moments {
  size: number;
  bySubject: ReadonlyMap<string, Moment>;
}

interface Moment {
  /** X'X by rows and X'y, the constant first. */
  products: Float64Array;
  targets: Float64Array;
}

/** Variance of the subjects' intercepts, and of a row around its subject's. Of the training rows, rounded. */
const SUBJECT_VARIANCE = 0.005;
const ROW_VARIANCE = 0.22;

export function toMoments(samples: readonly Sample[]): Moments {
  const size = 1 + (samples[0]?.values.length ?? 0);
  const bySubject = new Map(
    [...Map.groupBy(samples, ({ subject }) => subject)].map(([subject, own]) => [subject, momentOf(own, size)]),
  );
  return { size, bySubject };
}

/** Weights, the constant first. `ridge`: in rows, for each weight but the constant. */
export function fitWithout({ size, bySubject }: Moments, left: ReadonlySet<string>, ridge: number): Float64Array {
  const a = new Float64Array(size * size);
  const b = new Float64Array(size);
  for (const [subject, { products, targets }] of bySubject) {
    if (!left.has(subject)) {
      products.forEach((value, at) => (a[at] = (a[at] ?? 0) + value));
      targets.forEach((value, at) => (b[at] = (b[at] ?? 0) + value));
    }
  }
  for (let i = 1; i < size; i++) {
    a[i * size + i] = (a[i * size + i] ?? 0) + ridge;
  }
  return solve(a, b);
}

/** Quasi-demeaned: each row less a part of its subject's mean, the more the more rows there are. */
function momentOf(samples: readonly Sample[], size: number): Moment {
  const part = 1 - Math.sqrt(ROW_VARIANCE / (ROW_VARIANCE + samples.length * SUBJECT_VARIANCE));
  const rows = samples.map(({ values }) => Float64Array.of(1, ...Array.from(values)));
  const means = new Float64Array(size);
  for (const row of rows) {
    row.forEach((value, i) => (means[i] = (means[i] ?? 0) + value / rows.length));
  }
  const target = samples.reduce((sum, one) => sum + one.target, 0) / samples.length;
  const products = new Float64Array(size * size);
  const targets = new Float64Array(size);
  rows.forEach((row, at) => {
    const moved = row.map((value, i) => value - part * (means[i] ?? 0));
    const y = (samples[at]?.target ?? 0) - part * target;
    for (let i = 0; i < size; i++) {
      const x = moved[i] ?? 0;
      targets[i] = (targets[i] ?? 0) + x * y;
      for (let j = 0; j <= i; j++) {
        const place = i * size + j;
        products[place] = (products[place] ?? 0) + x * (moved[j] ?? 0);
      }
    }
  });
  return { products, targets };
}

/** x of A x = b by Cholesky; of A, symmetric and positive definite, the lower half is read. */
function solve(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const l = new Float64Array(n * n);
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j] ?? 0;
      for (let k = 0; k < j; k++) {
        sum -= (l[i * n + k] ?? 0) * (l[j * n + k] ?? 0);
      }
      l[i * n + j] = i === j ? Math.sqrt(sum) : sum / (l[j * n + j] ?? 0);
    }
  }
  for (let i = 0; i < n; i++) {
    let sum = b[i] ?? 0;
    for (let k = 0; k < i; k++) {
      sum -= (l[i * n + k] ?? 0) * (x[k] ?? 0);
    }
    x[i] = sum / (l[i * n + i] ?? 0);
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i] ?? 0;
    for (let k = i + 1; k < n; k++) {
      sum -= (l[k * n + i] ?? 0) * (x[k] ?? 0);
    }
    x[i] = sum / (l[i * n + i] ?? 0);
  }
  return x;
}
