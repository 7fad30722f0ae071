/** A Vectorize index in a map, with its limits, cosine its metric. What it is told is there at once: the real one takes seconds. */
export type FakeVectorize = Pick<Vectorize, 'query' | 'upsert' | 'deleteByIds'>;

const MOST_VECTORS = 1_000;
const MOST_MATCHES = 50;
const MOST_NAME_BYTES = 64;

export function createFakeVectorize(dimensions: number): FakeVectorize {
  const held = new Map<string, VectorizeVector>();
  return {
    upsert: (vectors) => {
      if (vectors.length > MOST_VECTORS) {
        return refuse(`expected at most ${MOST_VECTORS} vectors, received ${vectors.length}`);
      }
      for (const vector of vectors) {
        if (vector.values.length !== dimensions || isLong(vector.id) || isLong(vector.namespace ?? '')) {
          return refuse('invalid vector');
        }
        held.set(vector.id, vector);
      }
      return Promise.resolve({ mutationId: 'm' });
    },
    deleteByIds: (ids) => {
      for (const id of ids) {
        held.delete(id);
      }
      return Promise.resolve({ mutationId: 'm' });
    },
    query: (vector, { topK = 5, namespace, returnMetadata } = {}) => {
      if (topK > MOST_MATCHES) {
        return refuse(`expected topK of at most ${MOST_MATCHES}, received ${topK}`);
      }
      const matches = [...held.values()]
        .filter((one) => one.namespace === namespace)
        .map(({ id, values, metadata }) => ({
          id,
          score: cosine([...values], [...vector]),
          ...(returnMetadata === 'all' && metadata !== undefined ? { metadata } : {}),
        }))
        .toSorted((a, b) => b.score - a.score)
        .slice(0, topK);
      return Promise.resolve({ matches, count: matches.length });
    },
  };
}

function refuse(reason: string): Promise<never> {
  return Promise.reject(new Error(`VECTOR_QUERY_ERROR: ${reason}`));
}

function isLong(name: string): boolean {
  return new TextEncoder().encode(name).length > MOST_NAME_BYTES;
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
  return dot / (Math.hypot(...a) * Math.hypot(...b));
}
