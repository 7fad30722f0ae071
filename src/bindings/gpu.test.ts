import { describe, expect, it } from 'vitest';
import { createGpuAccess, type GpuSource } from './gpu.ts';

type Adapter = NonNullable<Awaited<ReturnType<GpuSource['requestAdapter']>>>;
type Device = Awaited<ReturnType<Adapter['requestDevice']>>;

/** A device that can be lost by hand. */
function deviceOf() {
  const loss = Promise.withResolvers<{ reason?: string; message?: string }>();
  const log: string[] = [];
  const device: Device = { lost: loss.promise, destroy: () => void log.push('destroy') };
  return { device, log, lose: loss.resolve };
}

function sourceOf(requestDevice: Adapter['requestDevice'], adapter: Partial<Adapter> = {}): GpuSource {
  const features = new Set<string>();
  return { requestAdapter: () => Promise.resolve({ features, limits: {}, requestDevice, ...adapter }) };
}

const hanging = <T>() => new Promise<T>(() => {});
const soon = { deadlineMs: 5 };

describe('createGpuAccess()', () => {
  it('says that there is none', async () => {
    const access = createGpuAccess(null);
    expect([access.isThere, await access.open()]).toEqual([false, { ok: false, problem: 'no WebGPU here' }]);
  });

  it.each<[string, GpuSource, string]>([
    ['there is no adapter', { requestAdapter: () => Promise.resolve(null) }, 'no WebGPU adapter'],
    ['the adapter fails', { requestAdapter: () => Promise.reject(new Error('blocked')) }, 'no WebGPU device: blocked'],
    ['the adapter hangs', { requestAdapter: () => hanging() }, 'no WebGPU device within 5 ms'],
    ['the device fails', sourceOf(() => Promise.reject(new Error('limits'))), 'no WebGPU device: limits'],
    ['the device hangs', sourceOf(() => hanging()), 'no WebGPU device within 5 ms'],
  ])('is a value where %s', async (_, source, problem) => {
    expect(await createGpuAccess(source, soon).open()).toEqual({ ok: false, problem });
  });

  it('destroys a device that comes too late', async () => {
    const { device, log } = deviceOf();
    const late = Promise.withResolvers<Device>();
    const access = createGpuAccess(
      sourceOf(() => late.promise),
      soon,
    );
    expect((await access.open()).ok).toBe(false);
    late.resolve(device);
    await late.promise;
    await Promise.resolve();
    expect(log).toEqual(['destroy']);
  });

  it('asks for what the adapter has of what the kernels use', async () => {
    const wishes: unknown[] = [];
    const source = sourceOf(
      (wish) => {
        wishes.push(wish);
        return Promise.resolve(deviceOf().device);
      },
      {
        features: new Set(['shader-f16', 'depth-clip-control']),
        limits: { maxBufferSize: 7, maxTextureArrayLayers: 9 },
      },
    );
    await createGpuAccess(source).open();
    expect(wishes).toEqual([{ requiredFeatures: ['shader-f16'], requiredLimits: { maxBufferSize: 7 } }]);
  });

  it('opens one device, also for calls at the same time', async () => {
    const made: ReturnType<typeof deviceOf>[] = [];
    const access = createGpuAccess(
      sourceOf(() => {
        const one = deviceOf();
        made.push(one);
        return Promise.resolve(one.device);
      }),
    );
    const [first, second] = await Promise.all([access.open(), access.open()]);
    expect(first).toBe(second);
    expect(await access.open()).toBe(first);
    const kept = made.filter(({ log }) => log.length === 0);
    expect(kept.map(({ device }) => device)).toEqual([first.ok ? first.value.device : null]);
  });

  it.each([
    [{ reason: 'unknown', message: 'driver reset' }, 'WebGPU device lost: driver reset'],
    [{ reason: 'destroyed', message: '' }, 'WebGPU device lost: destroyed'],
  ])('has none any more once it is lost', async (info, problem) => {
    const { device, lose } = deviceOf();
    const access = createGpuAccess(sourceOf(() => Promise.resolve(device)));
    const opened = await access.open();
    expect(opened).toMatchObject({ ok: true, value: { device, loss: null } });
    lose(info);
    await device.lost;
    expect(opened).toMatchObject({ value: { loss: problem } });
    expect(await access.open()).toEqual({ ok: false, problem });
  });
});
