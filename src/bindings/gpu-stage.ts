/**
 * A stage on WebGPU, which may fail at any time: a device is lost, a driver hangs. Whatever goes wrong is a
 * ProviderFault, upon which the model is loaded anew on WebAssembly.
 */
import type { Gpu } from './gpu.ts';
import { withDeadline } from './deadline.ts';
import type { OnnxStage } from './onnx-sessions.ts';

export class ProviderFault extends Error {}

const LATE = Symbol('late');
/** ONNX Runtime tells whole paths. */
const MAX_REASON_UNITS = 100;

/** Throws a ProviderFault where the session cannot be created. */
export async function createGpuStage(
  gpu: Gpu,
  create: (device: object) => Promise<OnnxStage>,
  { deadlineMs }: { deadlineMs: number },
): Promise<OnnxStage> {
  const stage = await guard(() => create(gpu.device));
  return {
    run: (hidden) => guard(() => stage.run(hidden)),
    async release() {
      // A session that waits for a lost device may still be in use.
      if (gpu.loss === null) {
        await stage.release();
      }
    },
  };

  async function guard<T>(call: () => Promise<T>): Promise<T> {
    if (gpu.loss !== null) {
      throw new ProviderFault(gpu.loss);
    }
    let given: T | typeof LATE;
    try {
      given = await withDeadline(call(), deadlineMs, LATE);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new ProviderFault(`WebGPU failed: ${message.slice(0, MAX_REASON_UNITS)}`);
    }
    if (given === LATE) {
      gpu.lose(`WebGPU gave no answer within ${deadlineMs} ms`);
      throw new ProviderFault(gpu.loss ?? 'WebGPU gave no answer');
    }
    return given;
  }
}
