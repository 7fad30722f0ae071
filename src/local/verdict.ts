/** From logits to a label. Pure. The softmax is float64, since thresholds lie near 1. */

export interface Verdict {
  /** The index of the likeliest class; the first of equals. */
  label: number;
  /** Its probability. */
  confidence: number;
  probabilities: Float64Array;
}

/** Throws an Error where the logits are no numbers: nothing may leave early on such a state, nor at the end. */
export function toVerdict(logits: Float64Array): Verdict {
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

export function softmax(scores: Float64Array): Float64Array {
  let most = -Infinity;
  for (const score of scores) {
    most = Math.max(most, score);
  }
  const shares = new Float64Array(scores.length);
  let total = 0;
  for (let at = 0; at < scores.length; at++) {
    const power = Math.exp((scores[at] ?? 0) - most);
    shares[at] = power;
    total += power;
  }
  for (let at = 0; at < scores.length; at++) {
    shares[at] = (shares[at] ?? 0) / total;
  }
  return shares;
}
