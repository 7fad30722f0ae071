/**
 * The isolate's one WebGPU device, where there is WebGPU. Opened when a model is loaded; every way in which that fails,
 * or takes too long, is a value, and a device once lost stays lost: whoever used it goes on with WebAssembly.
 */
import { fail, succeed, type Result } from '../contract/problem.ts';
import { withDeadline } from './deadline.ts';

export interface Gpu {
  /** The GPUDevice. */
  readonly device: object;
  /** Why it can no longer be used; null while it can. */
  readonly loss: string | null;
  lose(reason: string): void;
}

export interface GpuAccess {
  /** Whether a device may be had at all. */
  readonly isThere: boolean;
  /** Why there is none, in a few words. */
  open(): Promise<Result<Gpu, string>>;
}

/** What is used here of `navigator.gpu`. */
export interface GpuSource {
  requestAdapter(): Promise<GpuAdapter | null>;
}

interface GpuAdapter {
  features: { has(name: string): boolean };
  limits: Readonly<Record<string, number | undefined>>;
  requestDevice(wish: { requiredFeatures: string[]; requiredLimits: Record<string, number> }): Promise<GpuDevice>;
}

interface GpuDevice {
  lost: Promise<{ reason?: string; message?: string }>;
  destroy(): void;
}

const LATE = Symbol('late');
/** What ONNX Runtime's kernels make use of where they can. */
const FEATURES = ['shader-f16', 'subgroups'];
/** Its kernels are written for more than WebGPU's defaults. */
const LIMITS = [
  'maxBindGroups',
  'maxBufferSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
];

export const NO_WEBGPU = 'no WebGPU here';

export function createGpuAccess(
  source: GpuSource | null = findSource(),
  { deadlineMs = 5_000 }: { deadlineMs?: number } = {},
): GpuAccess {
  let opened: Result<Gpu, string> | null = null;
  return { isThere: source !== null, open };

  async function open(): Promise<Result<Gpu, string>> {
    if (source === null) {
      return fail(NO_WEBGPU);
    }
    if (opened === null) {
      const found = await openWithin(source);
      if (opened !== null && found.ok) {
        // Another call was faster.
        found.value.destroy();
      }
      opened ??= found.ok ? succeed(watch(found.value)) : found;
    }
    return opened.ok && opened.value.loss !== null ? fail(opened.value.loss) : opened;
  }

  async function openWithin(from: GpuSource): Promise<Result<GpuDevice, string>> {
    try {
      const work = requestDevice(from);
      const device = await withDeadline(work, deadlineMs, LATE);
      if (device === LATE) {
        void work.then(
          (late) => late?.destroy(),
          () => null,
        );
        return fail(`no WebGPU device within ${deadlineMs} ms`);
      }
      return device === null ? fail('no WebGPU adapter') : succeed(device);
    } catch (error) {
      return fail(`no WebGPU device: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

async function requestDevice(source: GpuSource): Promise<GpuDevice | null> {
  const adapter = await source.requestAdapter();
  if (adapter === null) {
    return null;
  }
  const limits = LIMITS.flatMap((name): [string, number][] => {
    const most = adapter.limits[name];
    return most === undefined ? [] : [[name, most]];
  });
  return adapter.requestDevice({
    requiredFeatures: FEATURES.filter((name) => adapter.features.has(name)),
    requiredLimits: Object.fromEntries(limits),
  });
}

function watch(device: GpuDevice): Gpu {
  let loss: string | null = null;
  const lose = (reason: string): void => {
    loss ??= reason;
  };
  void device.lost.then(({ reason, message }) => lose(`WebGPU device lost: ${message || reason || 'no reason given'}`));
  return {
    device,
    get loss() {
      return loss;
    },
    lose,
  };
}

function findSource(): GpuSource | null {
  const { gpu } = (typeof navigator === 'undefined' ? {} : navigator) as { gpu?: GpuSource };
  return gpu ?? null;
}
