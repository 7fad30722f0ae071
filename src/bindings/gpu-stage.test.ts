import { describe, expect, it } from 'vitest';
import type { Hidden } from '../local/hidden.ts';
import { createGpuStage, ProviderFault } from './gpu-stage.ts';
import type { Gpu } from './gpu.ts';

const hidden: Hidden = { values: Float32Array.of(1), tokens: 1, width: 1 };

function gpuOf(): Gpu {
  let loss: string | null = null;
  return {
    device: {},
    get loss() {
      return loss;
    },
    lose: (reason) => {
      loss ??= reason;
    },
  };
}

async function stageOf(run: () => Promise<Hidden>, gpu = gpuOf()) {
  const log: string[] = [];
  const release = () => Promise.resolve(void log.push('release'));
  const stage = await createGpuStage(
    gpu,
    () =>
      Promise.resolve({
        run: () => {
          log.push('run');
          return run();
        },
        release,
      }),
    { deadlineMs: 5 },
  );
  return { stage, gpu, log };
}

describe('createGpuStage()', () => {
  it('gives what the stage gives', async () => {
    const { stage, log } = await stageOf(() => Promise.resolve(hidden));
    expect(await stage.run(hidden)).toBe(hidden);
    await stage.release();
    expect(log).toEqual(['run', 'release']);
  });

  it('turns an error into a fault, and the device stays', async () => {
    const { stage, gpu } = await stageOf(() => Promise.reject(new Error('out of memory')));
    await expect(stage.run(hidden)).rejects.toEqual(new ProviderFault('WebGPU failed: out of memory'));
    expect(gpu.loss).toBeNull();
  });

  it('gives a device up that does not answer, and leaves its session alone', async () => {
    const { stage, gpu, log } = await stageOf(() => new Promise(() => {}));
    await expect(stage.run(hidden)).rejects.toThrow(ProviderFault);
    expect(gpu.loss).toBe('WebGPU gave no answer within 5 ms');
    await expect(stage.run(hidden)).rejects.toEqual(new ProviderFault('WebGPU gave no answer within 5 ms'));
    await stage.release();
    expect(log).toEqual(['run']);
  });

  it('is a fault where the session cannot be created, or the device is lost already', async () => {
    const gpu = gpuOf();
    await expect(createGpuStage(gpu, () => Promise.reject(new Error('no')), { deadlineMs: 5 })).rejects.toEqual(
      new ProviderFault('WebGPU failed: no'),
    );
    gpu.lose('gone');
    await expect(stageOf(() => Promise.resolve(hidden), gpu)).rejects.toEqual(new ProviderFault('gone'));
  });
});
