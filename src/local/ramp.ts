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
  const active = applyLayer(middle, middleBias, poolTwice(hidden, attend(query, hidden))).map(gelu);
  return applyLayer(out, outBias, active);
}

export function headLogits({ out, outBias }: Head, hidden: Hidden): Float64Array {
  const even = new Float64Array(hidden.tokens).fill(1 / hidden.tokens);
  return applyLayer(out, outBias, poolTwice(hidden, even).subarray(0, hidden.width));
}

/** Softmax over the tokens of state · query. */
function attend(query: Float32Array, { values, tokens, width }: Hidden): Float64Array {
  const scores = new Float64Array(tokens);
  for (let token = 0, at = 0; token < tokens; token++, at += width) {
    let even = 0;
    let odd = 0;
    for (let column = 0; column + 1 < width; column += 2) {
      even += (values[at + column] ?? 0) * (query[column] ?? 0);
      odd += (values[at + column + 1] ?? 0) * (query[column + 1] ?? 0);
    }
    const last = width % 2 === 1 ? (values[at + width - 1] ?? 0) * (query[width - 1] ?? 0) : 0;
    scores[token] = even + odd + last;
  }
  return softmax(scores);
}

/** The mean over the tokens, then the weighted mean: [2 * width]. Two tokens at a time, so each sum is touched half as often. */
function poolTwice({ values, tokens, width }: Hidden, weights: Float64Array): Float64Array {
  const pooled = new Float64Array(2 * width);
  const share = 1 / tokens;
  for (let token = 0; token < tokens; token += 2) {
    const a = token * width;
    // Without a second token the first one stands in for it, and counts nothing.
    const b = token + 1 < tokens ? a + width : a;
    const shareOfB = b === a ? 0 : share;
    const weightOfA = weights[token] ?? 0;
    const weightOfB = weights[token + 1] ?? 0;
    for (let column = 0; column < width; column++) {
      const x = values[a + column] ?? 0;
      const y = values[b + column] ?? 0;
      pooled[column] = (pooled[column] ?? 0) + share * x + shareOfB * y;
      pooled[width + column] = (pooled[width + column] ?? 0) + weightOfA * x + weightOfB * y;
    }
  }
  return pooled;
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
