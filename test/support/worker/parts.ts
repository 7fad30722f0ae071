/** The repository's models in a pool of a test's own. All pools of the tests share the isolate's one heap. */
import { env } from 'cloudflare:workers';
import { createModelParts, type ModelParts, type ModelPartsOptions } from '../../../src/bindings/model-parts.ts';
import { createModelPool } from '../../../src/bindings/model-pool.ts';
import { RUNTIME_HEAP_BYTES } from '../../../src/bindings/model-stages.ts';
import { heapBytes } from '../../../src/bindings/onnx-sessions.ts';

export function createParts({
  assets = env.ASSETS,
  budgetBytes = 1e9,
  heap = heapBytes,
  ...options
}: {
  assets?: Pick<Fetcher, 'fetch'>;
  budgetBytes?: number;
  heap?: () => number | null;
} & ModelPartsOptions = {}): ModelParts {
  const pool = createModelPool({ budgetBytes, heapBytes: heap, runtimeBytes: RUNTIME_HEAP_BYTES });
  return createModelParts(assets, pool, options);
}
