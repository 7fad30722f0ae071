/**
 * RouteLLM's measures of a router (arXiv 2406.18665, section 2.3): performance of the mixture over the share of calls that the
 * large model gets, from rows in the order of their scores. Rows of one score go together. Pure.
 */
export interface JudgedRow {
  /** Higher goes to the large model first. */
  score: number;
  weakRight: boolean;
  strongRight: boolean;
}

/** A point of the curve: after so many of the highest scores went to the large model. */
interface Point {
  strongShare: number;
  /** Right answers among all rows. */
  accuracy: number;
}

export interface TierMeasures {
  weakAccuracy: number;
  strongAccuracy: number;
  /** Average share of the gap that is recovered, over all shares of strong calls; .5 at random. */
  apgr: number;
  /** The least share of strong calls that recovers half, or four fifths, of the gap. */
  cpt50: number;
  cpt80: number;
  /** The largest share of small calls while 95 % of the large model's right answers are kept. */
  smallShareAt95: number;
  /** The same, on average, of rows in random order. */
  randomSmallShareAt95: number;
}

/** Throws where the large model is not better than the small one: there is no gap to recover. */
export function measureTiers(rows: readonly JudgedRow[]): TierMeasures {
  const weakAccuracy = shareOf(rows, ({ weakRight }) => weakRight);
  const strongAccuracy = shareOf(rows, ({ strongRight }) => strongRight);
  const gap = strongAccuracy - weakAccuracy;
  if (!(gap > 0)) {
    throw new Error(
      `expected rows on which the large model is better, received ${rows.length} with ${strongAccuracy} right against ${weakAccuracy}`,
    );
  }
  const curve = curveOf(rows, weakAccuracy);
  const area = curve.slice(1).reduce((sum, { strongShare, accuracy }, at) => {
    const before = curve[at] ?? { strongShare: 0, accuracy: weakAccuracy };
    return sum + (strongShare - before.strongShare) * ((accuracy + before.accuracy) / 2 - weakAccuracy);
  }, 0);
  const callsFor = (accuracy: number): number => leastShare(curve, accuracy);
  return {
    weakAccuracy,
    strongAccuracy,
    apgr: area / gap,
    cpt50: callsFor(weakAccuracy + 0.5 * gap),
    cpt80: callsFor(weakAccuracy + 0.8 * gap),
    smallShareAt95: 1 - callsFor(0.95 * strongAccuracy),
    randomSmallShareAt95: 1 - Math.max(0, (0.95 * strongAccuracy - weakAccuracy) / gap),
  };
}

function curveOf(rows: readonly JudgedRow[], weakAccuracy: number): Point[] {
  const byScore = [...Map.groupBy(rows, ({ score }) => score)].toSorted(([a], [b]) => b - a);
  const curve: Point[] = [{ strongShare: 0, accuracy: weakAccuracy }];
  let calls = 0;
  let gained = 0;
  for (const [, tied] of byScore) {
    calls += tied.length;
    gained += tied.reduce((sum, row) => sum + Number(row.strongRight) - Number(row.weakRight), 0);
    curve.push({ strongShare: calls / rows.length, accuracy: weakAccuracy + gained / rows.length });
  }
  return curve;
}

/** Where the curve first reaches the accuracy, between two points in proportion. */
function leastShare(curve: readonly Point[], accuracy: number): number {
  // Sums of many shares end a little beside the whole.
  const wanted = accuracy - 1e-12;
  const at = curve.findIndex((point) => point.accuracy >= wanted);
  const [before, reached] = [curve[at - 1], curve[at]];
  if (reached === undefined || before === undefined) {
    return reached?.strongShare ?? 1;
  }
  const part = (wanted - before.accuracy) / (reached.accuracy - before.accuracy);
  return before.strongShare + part * (reached.strongShare - before.strongShare);
}

function shareOf(rows: readonly JudgedRow[], holds: (row: JudgedRow) => boolean): number {
  return rows.filter(holds).length / rows.length;
}
