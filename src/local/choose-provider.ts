/**
 * Which execution provider runs a model: WebAssembly, unless WebGPU was measured to be faster and to say the same. Pure.
 * A clock that stands still while WebAssembly computes, as in a deployed Worker, proves nothing: WebAssembly stays.
 */
import type { Hidden } from './hidden.ts';

export type ExecutionProvider = 'wasm' | 'webgpu';

export interface ProviderChoice {
  provider: ExecutionProvider;
  /** Why, in a few words. */
  reason: string;
  /** Milliseconds of the model's first stage on either; null where nothing was measured. */
  measuredMs: Record<ExecutionProvider, number> | null;
}

export interface ProviderTrial {
  measuredMs: Record<ExecutionProvider, number>;
  /** Cosine of what the two gave for one input. */
  agreement: number;
}

/** Of WebAssembly's time. What is hardly faster is not worth the ways in which a GPU can fail. */
const MAX_SHARE = 0.9;
/** Kernels that compute right differ by rounding; int8 scales that are rounded otherwise move single values. */
const MIN_AGREEMENT = 0.99;

export function chooseProvider({ measuredMs, agreement }: ProviderTrial): ProviderChoice {
  const { wasm, webgpu } = measuredMs;
  if (!(agreement >= MIN_AGREEMENT)) {
    return { provider: 'wasm', reason: 'WebGPU gave other values', measuredMs };
  }
  if (!(wasm > 0 && webgpu > 0)) {
    return { provider: 'wasm', reason: 'the clock stands still', measuredMs };
  }
  return webgpu <= MAX_SHARE * wasm
    ? { provider: 'webgpu', reason: 'measured as faster', measuredMs }
    : { provider: 'wasm', reason: 'WebGPU measured as no faster', measuredMs };
}

export function chooseWasm(reason: string): ProviderChoice {
  return { provider: 'wasm', reason, measuredMs: null };
}

/** The cosine of two states of the same shape; NaN where the shapes differ or a state is not finite. */
export function agreementOf(a: Hidden, b: Hidden): number {
  if (a.tokens !== b.tokens || a.width !== b.width || a.values.length !== b.values.length) {
    return Number.NaN;
  }
  let [product, ofA, ofB] = [0, 0, 0];
  for (const [at, left] of a.values.entries()) {
    const right = b.values[at] ?? 0;
    product += left * right;
    ofA += left * left;
    ofB += right * right;
  }
  return product / Math.sqrt(ofA * ofB);
}
