/**
 * What a hidden state says of the label: at a ramp (two pools, a narrow layer, the classes) and at the model's end (one
 * pool, the classes). Sums and the softmax are float64, since thresholds lie near 1. Pure.
 */
import type { Hidden } from './hidden.ts';

/** Matrices are [out, in], row by row. */
export interface Ramp {
  query: Float32Array;
  /** [units, 2 * width]. */
  middle: Float32Array;
  middleBias: Float32Array;
  /** [classes, units]. */
  out: Float32Array;
  outBias: Float32Array;
}

export interface Head {
  /** [classes, width]. */
  out: Float32Array;
  outBias: Float32Array;
}

export interface Verdict {
  /** The index of the likeliest class; the first of equals. */
  label: number;
  /** Its probability. */
  confidence: number;
  probabilities: Float64Array;
}

export function judgeAtRamp(ramp: Ramp, hidden: Hidden): Verdict {
  return toVerdict(rampLogits(ramp, hidden));
}

export function judgeAtEnd(head: Head, hidden: Hidden): Verdict {
  return toVerdict(headLogits(head, hidden));
}

export function rampLogits({ query, middle, middleBias, out, outBias }: Ramp, hidden: Hidden): Float64Array {
  const pooled = new Float64Array(2 * hidden.width);
  addMean(pooled, hidden);
  addWeighted(pooled, hidden.width, hidden, attend(query, hidden));
  const active = applyLayer(middle, middleBias, pooled).map(gelu);
  return applyLayer(out, outBias, active);
}

export function headLogits({ out, outBias }: Head, hidden: Hidden): Float64Array {
  const pooled = new Float64Array(hidden.width);
  addMean(pooled, hidden);
  return applyLayer(out, outBias, pooled);
}

function addMean(pooled: Float64Array, hidden: Hidden): void {
  addWeighted(pooled, 0, hidden, new Float64Array(hidden.tokens).fill(1 / hidden.tokens));
}

/** Softmax over the tokens of state · query. */
function attend(query: Float32Array, { values, tokens, width }: Hidden): Float64Array {
  const scores = new Float64Array(tokens);
  for (let token = 0, at = 0; token < tokens; token++) {
    let sum = 0;
    for (let column = 0; column < width; column++, at++) {
      sum += (values[at] ?? 0) * (query[column] ?? 0);
    }
    scores[token] = sum;
  }
  return softmax(scores);
}

function addWeighted(
  pooled: Float64Array,
  from: number,
  { values, tokens, width }: Hidden,
  weights: Float64Array,
): void {
  for (let token = 0, at = 0; token < tokens; token++) {
    const weight = weights[token] ?? 0;
    for (let column = from; column < from + width; column++, at++) {
      pooled[column] = (pooled[column] ?? 0) + weight * (values[at] ?? 0);
    }
  }
}

/** Four rows at a time: each input is read once for the four, and their sums do not wait for one another. */
function applyLayer(weights: Float32Array, bias: Float32Array, input: Float64Array): Float64Array {
  const given = new Float64Array(bias.length);
  const columns = input.length;
  const whole = given.length - (given.length % 4);
  for (let row = 0, at = 0; row < whole; row += 4, at += 4 * columns) {
    let a = bias[row] ?? 0;
    let b = bias[row + 1] ?? 0;
    let c = bias[row + 2] ?? 0;
    let d = bias[row + 3] ?? 0;
    for (let column = 0, i = at; column < columns; column++, i++) {
      const x = input[column] ?? 0;
      a += (weights[i] ?? 0) * x;
      b += (weights[i + columns] ?? 0) * x;
      c += (weights[i + 2 * columns] ?? 0) * x;
      d += (weights[i + 3 * columns] ?? 0) * x;
    }
    given[row] = a;
    given[row + 1] = b;
    given[row + 2] = c;
    given[row + 3] = d;
  }
  for (let row = whole, at = whole * columns; row < given.length; row++) {
    let sum = bias[row] ?? 0;
    for (let column = 0; column < columns; column++, at++) {
      sum += (weights[at] ?? 0) * (input[column] ?? 0);
    }
    given[row] = sum;
  }
  return given;
}

/** The tanh form. */
function gelu(x: number): number {
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

function softmax(scores: Float64Array): Float64Array {
  const most = scores.reduce((largest, score) => Math.max(largest, score), -Infinity);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Throws an Error where the logits are no numbers: nothing may leave early on such a state, nor at the end. */
function toVerdict(logits: Float64Array): Verdict {
  const probabilities = softmax(logits);
  let label = 0;
  for (let at = 1; at < probabilities.length; at++) {
    if ((probabilities[at] ?? 0) > (probabilities[label] ?? 0)) {
      label = at;
    }
  }
  const confidence = probabilities[label] ?? Number.NaN;
  if (!Number.isFinite(confidence)) {
    throw new Error(`classifier: expected finite logits, received ${logits.slice(0, 4).join(', ')}`);
  }
  return { label, confidence, probabilities };
}
