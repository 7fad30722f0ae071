/**
 * What `@upstash/semantic-cache` asks of its index, over vectors of the gateway's own model in this process's memory: so that the two caches differ in
 * themselves and not in their embeddings.
 */
export interface LocalIndex {
  upsert(entry: { id: string; data: string; metadata?: Record<string, unknown> }): Promise<string>;
  query(query: {
    data: string;
    topK: number;
  }): Promise<{ id: string; score: number; metadata?: Record<string, unknown> }[]>;
  namespace(name: string): LocalIndex;
}

export function createLocalIndex(embed: (text: string) => Promise<Float32Array>): LocalIndex {
  const entries = new Map<string, { vector: Float32Array; metadata: Record<string, unknown> }>();
  const index: LocalIndex = {
    upsert: async ({ id, data, metadata = {} }) => {
      entries.set(id, { vector: await embed(data), metadata });
      return 'Success';
    },
    query: async ({ data, topK }) => {
      const vector = await embed(data);
      return [...entries]
        .map(([id, { vector: other, metadata }]) => ({ id, metadata, score: (1 + dot(vector, other)) / 2 }))
        .toSorted((a, b) => b.score - a.score)
        .slice(0, topK);
    },
    namespace: () => index,
  };
  return index;
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, place) => sum + value * (b[place] ?? 0), 0);
}
