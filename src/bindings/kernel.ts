/** Instances of the SIMD kernel: a module of the Worker's own, since workerd forbids compiling bytes. */
import kernelWasm from '../../.generated/kernel.wasm';
import type { CreateKernel, Kernel } from '../local/kernel.ts';

export const createKernel: CreateKernel = (memory) =>
  new WebAssembly.Instance(kernelWasm, { env: { memory } }).exports as unknown as Kernel;
