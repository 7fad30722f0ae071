/** Percentiles and rank correlation. Pure. */

/** `share` from 0 to 1, interpolated between the nearest two values. Throws where there is no value. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  if (low === undefined || high === undefined) {
    throw new Error('percentile: expected at least one value, received none');
  }
  return low + (high - low) * (place - Math.floor(place));
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Spearman's correlation: Pearson's, of the ranks; equal values share their mean rank. NaN where one side is constant. */
export function spearman(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) {
    throw new Error(`spearman: expected lists of one length, received ${a.length} and ${b.length}`);
  }
  return pearson(toRanks(a), toRanks(b));
}

function pearson(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const products = a.map((value, place) => (value - meanA) * ((b[place] ?? 0) - meanB));
  const spread = (values: readonly number[], centre: number): number =>
    Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0));
  return products.reduce((sum, product) => sum + product, 0) / (spread(a, meanA) * spread(b, meanB));
}

function toRanks(values: readonly number[]): number[] {
  const order = values.map((value, place) => ({ value, place })).toSorted((a, b) => a.value - b.value);
  const ranks = Array.from({ length: values.length }, () => 0);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (order[end + 1]?.value === order[start]?.value) {
      end++;
    }
    for (const { place } of order.slice(start, end + 1)) {
      ranks[place] = (start + end) / 2;
    }
    start = end + 1;
  }
  return ranks;
}
