/**
 * Answers an embeddings request in the Worker: each input in turn, its vector cut to the dimensions asked for.
 * Residency and `no-store` keep vectors out of KV. The first input that cannot be embedded fails the request, named by its place.
 */
import type { Embedding, Ports } from '../contract/ports.ts';
import { fail, succeed, type Result } from '../contract/problem.ts';
import type { EmbeddingRequest } from '../contract/request.ts';
import { shorten } from '../local/shorten.ts';
import { toInputProblem } from './input-problem.ts';

export interface EmbeddingAnswer {
  model: string;
  /** In the inputs' order; each of unit length. */
  vectors: readonly Float32Array[];
  /** Special tokens included. */
  tokens: number;
}

export async function embedInputs(request: EmbeddingRequest, { embedder }: Ports): Promise<Result<EmbeddingAnswer>> {
  const { tenant, controls, truncateTo, inputs, signal } = request;
  const mayPersist = tenant.residency === null && controls.residency === null && controls.cache !== 'bypass';
  const vectors: Float32Array[] = [];
  let tokens = 0;
  for (const [place, input] of inputs.entries()) {
    if (signal.aborted) {
      return fail({ kind: 'cancelled' });
    }
    const embedded = await embedder.embed(input, { tenant, truncateTo, mayPersist });
    if (!embedded.ok) {
      return fail(toInputProblem(embedded.problem, `input[${place}]`, embedder.model.name));
    }
    vectors.push(toLength(embedded.value, request.dimensions));
    tokens += embedded.value.tokens;
  }
  return succeed({ model: embedder.model.name, vectors, tokens });
}

function toLength({ vector }: Embedding, dimensions: number | null): Float32Array {
  return dimensions === null || dimensions === vector.length ? vector : shorten(vector, dimensions);
}
