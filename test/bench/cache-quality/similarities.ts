/**
 * Who is near whom among a stream's rows: all cosines once, for every seed and policy. A growing
 * cache then asks for the nearest rows among those that it holds. Exact.
 */
export interface Neighbour {
  row: number;
  similarity: number;
}

export interface Similarities {
  rows: number;
  /** The nearest of `row` among the rows that are marked with 1, nearest first, at most `limit`. */
  nearest(row: number, isCached: Uint8Array, limit: number): Neighbour[];
}

/** Kept for each row in order; a search that needs more looks at all. */
const KEPT = 512;

/** `vectors`: of unit length. */
export function createSimilarities(vectors: readonly Float32Array[]): Similarities {
  const n = vectors.length;
  const matrix = new Float32Array(n * n);
  for (let a = 0; a < n; a++) {
    const left = vectors[a] ?? new Float32Array();
    for (let b = 0; b < a; b++) {
      const similarity = dot(left, vectors[b] ?? left);
      matrix[a * n + b] = similarity;
      matrix[b * n + a] = similarity;
    }
  }
  const kept = Math.min(KEPT, n - 1);
  const orders = Array.from({ length: n }, (_, row) => orderOf(matrix.subarray(row * n, (row + 1) * n), row, kept));

  return {
    rows: n,
    nearest: (row, isCached, limit) => {
      const found: Neighbour[] = [];
      const order = orders[row] ?? new Uint32Array();
      for (let at = 0; at < order.length && found.length < limit; at++) {
        const other = order[at] ?? 0;
        if (isCached[other] === 1) {
          found.push({ row: other, similarity: matrix[row * n + other] ?? 0 });
        }
      }
      return found.length === limit || order.length === n - 1 ? found : searchAll(row, isCached, limit);
    },
  };

  function searchAll(row: number, isCached: Uint8Array, limit: number): Neighbour[] {
    const found: Neighbour[] = [];
    let least = -Infinity;
    for (let other = 0; other < n; other++) {
      const similarity = matrix[row * n + other] ?? 0;
      if (isCached[other] === 1 && other !== row && (found.length < limit || similarity > least)) {
        found.push({ row: other, similarity });
        found.sort((a, b) => b.similarity - a.similarity);
        found.length = Math.min(found.length, limit);
        least = found.at(-1)?.similarity ?? -Infinity;
      }
    }
    return found;
  }
}

/** The `kept` nearest of a row, nearest first, found by a cut through a histogram of its cosines. */
function orderOf(similarities: Float32Array, row: number, kept: number): Uint32Array {
  const counts = new Uint32Array(401);
  const binOf = (similarity: number): number => Math.max(0, Math.min(400, Math.floor((similarity + 1) * 200)));
  for (const similarity of similarities) {
    const bin = binOf(similarity);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  let bin = 400;
  for (let total = 0; bin >= 0 && total <= kept; bin--) {
    total += counts[bin] ?? 0;
  }
  const candidates: number[] = [];
  for (let other = 0; other < similarities.length; other++) {
    if (other !== row && binOf(similarities[other] ?? 0) > bin) {
      candidates.push(other);
    }
  }
  candidates.sort((a, b) => (similarities[b] ?? 0) - (similarities[a] ?? 0));
  return Uint32Array.from(candidates.slice(0, kept));
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    sum += (a[i] ?? 0) * (b[i] ?? 0);
  }
  return sum;
}
