/**
 * ONNX Runtime inside workerd: one session a stage, all in one WebAssembly heap, one thread. A session's bytes are
 * copied into the heap: the caller drops them. Throws where ONNX Runtime does.
 *
 * On WebGPU a call waits for the device half-way, and ONNX Runtime's stack must not see another begin meanwhile: then
 * creating, running and releasing go one after the other (`turns.ts`).
 */
import * as ort from 'onnxruntime-web/jspi';
// By its path: wrangler does not resolve the package's exports for WebAssembly modules.
import ortWasm from '../../node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.jspi.wasm';
import type { Hidden } from '../local/hidden.ts';
import type { StageSession } from '../local/run-stages.ts';

export interface OnnxStage extends StageSession {
  /** Frees the stage inside the heap. The heap itself never shrinks. */
  release(): Promise<void>;
}

/** The names of the graph's one input and one output, both float32 [1, tokens, width]. */
export interface StageNames {
  input: string;
  output: string;
}

// ONNX Runtime is a singleton of the isolate, and so is its heap: null until the first session is created.
let heap: WebAssembly.Memory | null = null;
const { instantiate } = WebAssembly;

/** Size of the WebAssembly heap that all sessions share; null before the first. */
export function heapBytes(): number | null {
  return heap?.buffer.byteLength ?? null;
}

/** On `device`, a GPUDevice, or where it is null on WebAssembly. The isolate's first session must be one of WebAssembly. */
export async function createStage(bytes: Uint8Array, names: StageNames, device: object | null): Promise<OnnxStage> {
  const session = await createSession(bytes, device);
  return {
    async run(hidden) {
      const fed = new ort.Tensor('float32', hidden.values, [1, hidden.tokens, hidden.width]);
      const given = await session.run({ [names.input]: fed });
      return toHidden(given[names.output], names.output);
    },
    release: () => session.release(),
  };
}

/** Of any graph. */
export async function createSession(bytes: Uint8Array, device: object | null = null): Promise<ort.InferenceSession> {
  // Without the warning, twice a session, that some operators stay on WebAssembly.
  const onGpu = { executionProviders: [{ name: 'webgpu', device }], logSeverityLevel: 3 } as const;
  const options = device === null ? { executionProviders: ['wasm'] } : onGpu;
  return startingRuntime(() => ort.InferenceSession.create(bytes, options));
}

function toHidden(tensor: ort.Tensor | undefined, name: string): Hidden {
  const [, tokens, width] = tensor?.dims ?? [];
  if (!(tensor?.data instanceof Float32Array) || tokens === undefined || width === undefined) {
    throw new Error(
      `stage output ${name}: expected float32 [1, tokens, width], received ${tensor?.type} ${JSON.stringify(tensor?.dims)}`,
    );
  }
  return { values: tensor.data, tokens, width };
}

/**
 * ONNX Runtime loads its WebAssembly with the first session. workerd forbids compiling bytes, so the runtime is given
 * placeholder bytes, which make it skip its own loading, and `WebAssembly.instantiate` answers those bytes, once, with
 * the module that came with the Worker. Nothing in here waits for I/O: no other request runs in between.
 */
async function startingRuntime<T>(createFirst: () => Promise<T>): Promise<T> {
  if (heap !== null) {
    return createFirst();
  }
  const placeholder = new ArrayBuffer(8);
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = placeholder;
  Reflect.set(
    WebAssembly,
    'instantiate',
    async (source: ArrayBufferView | ArrayBuffer, imports: WebAssembly.Imports) => {
      if (source !== placeholder && !(ArrayBuffer.isView(source) && source.buffer === placeholder)) {
        throw new Error('WebAssembly.instantiate: expected the placeholder of ONNX Runtime, received other bytes');
      }
      restoreInstantiate();
      const instance = new WebAssembly.Instance(ortWasm, imports);
      heap = findMemory(imports);
      return { module: ortWasm, instance };
    },
  );
  try {
    return await createFirst();
  } finally {
    restoreInstantiate();
  }
}

function restoreInstantiate(): void {
  Reflect.set(WebAssembly, 'instantiate', instantiate);
}

function findMemory(imports: WebAssembly.Imports): WebAssembly.Memory | null {
  const values = Object.values(imports).flatMap((group) => Object.values(group));
  return values.find((value) => value instanceof WebAssembly.Memory) ?? null;
}
