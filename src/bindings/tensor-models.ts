/**
 * The TensorModels port: the repository's models of plain tensors, each loaded when it is first asked for. Compose
 * creates one for each isolate, outside any request, and takes a port from it for each request.
 */
import type { TensorModels } from '../contract/ports.ts';
import { fail, succeed } from '../contract/problem.ts';
import { chooseWasm, type ProviderChoice } from '../local/choose-provider.ts';
import type { TensorManifest } from '../local/tensors/manifest.ts';
import type { ModelParts } from './model-parts.ts';
import type { Background } from './model-pool.ts';
import { createOpenCalls } from './open-calls.ts';

export interface LocalTensorModels {
  /** `background` keeps the request alive for work, as ExecutionContext.waitUntil does. */
  forRequest(background: Background): TensorModels;
  status(model: string): {
    isLoaded: boolean;
    provider: ProviderChoice;
    /** The WebAssembly heap of all models of the isolate; null before one is loaded. */
    heapBytes: number | null;
    /** Heap and buffers of all models of the isolate. */
    totalBytes: number;
  };
}

const ON_WASM = chooseWasm('models of plain tensors are not tried on WebGPU');

export function createTensorModels({
  manifests,
  parts,
}: {
  manifests: readonly TensorManifest[];
  parts: ModelParts;
}): LocalTensorModels {
  const sessions = new Map(manifests.map((manifest) => [manifest.name, parts.tensors(manifest)]));
  const calls = createOpenCalls();

  return {
    forRequest: (background) => ({
      models: manifests,
      backlog: () => calls.count(),
      async infer({ name, outputs: specs }, inputs, outputs) {
        const part = sessions.get(name);
        if (part === undefined) {
          throw new Error(`infer: expected one of ${[...sessions.keys()].join()}, received ${name}`);
        }
        const wanted = outputs.flatMap((output) => specs.filter((spec) => spec.name === output));
        const leave = calls.enter();
        try {
          return await part.use(background, (session) =>
            parts.takeTurn(async () => {
              try {
                return succeed(await session.run(inputs, wanted));
              } catch (error) {
                return isOfInputs(error)
                  ? fail({ kind: 'rejected', detail: toText(error) })
                  : fail({ kind: 'unavailable', detail: toText(error) });
              }
            }),
          );
        } catch (error) {
          return fail({ kind: 'unavailable', detail: toText(error) });
        } finally {
          leave();
        }
      },
    }),
    status(model) {
      const { heapBytes, totalBytes } = parts.pool.status();
      const isLoaded = (sessions.get(model)?.loaded ?? null) !== null;
      return { isLoaded, provider: ON_WASM, heapBytes, totalBytes };
    },
  };
}

/**
 * ONNX Runtime says of shapes that do not go together that a node failed. Memory that is not there, a trap, and outputs
 * that are missing or of another type are not the client's doing.
 */
function isOfInputs(error: unknown): boolean {
  const isTrap = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
  const text = toText(error);
  return !isTrap && /running .* node|INVALID_ARGUMENT|dimension|shape/i.test(text) && !/alloc|memory/i.test(text);
}

function toText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
