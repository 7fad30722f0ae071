/** Instances of the index's SIMD kernel: a module of the Worker's own, since workerd forbids compiling bytes. */
import kernelWasm from '../../.generated/index-kernel.wasm';
import type { CreateIndexKernel, IndexKernel } from '../cache/index/kernel.ts';

export const createIndexKernel: CreateIndexKernel = (memory) =>
  new WebAssembly.Instance(kernelWasm, { env: { memory } }).exports as unknown as IndexKernel;
