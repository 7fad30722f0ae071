/**
 * A model's first stage on the provider that suits it: on WebAssembly, and where there is a device on both, which are
 * then compared on one input. Each time is wall time between two turns of the event loop, which is where the clock of a
 * Worker moves; the fastest of three counts, after a first run that compiles kernels and shaders.
 */
import {
  agreementOf,
  chooseProvider,
  chooseWasm,
  type ProviderChoice,
  type ProviderTrial,
} from '../local/choose-provider.ts';
import type { Hidden } from '../local/hidden.ts';
import type { Result } from '../contract/problem.ts';
import { createGpuStage, ProviderFault } from './gpu-stage.ts';
import type { Gpu } from './gpu.ts';
import { createStage, type OnnxStage, type StageNames } from './onnx-sessions.ts';
import type { TakeTurn } from './turns.ts';

/** What stages are created with. */
export interface StageRuntime {
  takeTurn: TakeTurn;
  /** The device, or why there is none. */
  gpu: Result<Gpu, string>;
  /** These stand in for ONNX Runtime, the judgement and the clock where that is wanted. */
  create?: typeof createStage;
  choose?: (trial: ProviderTrial) => ProviderChoice;
  now?: () => number;
  /** For each call that waits for the device. */
  gpuDeadlineMs?: number;
}

export interface Tried {
  stage: OnnxStage;
  choice: ProviderChoice;
}

const RUNS = 3;

/** Throws where not even WebAssembly takes the stage; what goes wrong on WebGPU is the choice's reason. */
export async function tryProviders(
  bytes: Uint8Array,
  names: StageNames,
  sample: Hidden,
  runtime: StageRuntime,
): Promise<Tried> {
  const { takeTurn, gpu, create = createStage, choose = chooseProvider } = runtime;
  // First, since the runtime starts with it.
  const onWasm = await takeTurn(() => create(bytes, names, null));
  if (!gpu.ok) {
    return { stage: onWasm, choice: chooseWasm(gpu.problem) };
  }
  let onGpu: OnnxStage | null = null;
  try {
    onGpu = await createOn(gpu.value, bytes, names, runtime);
    const choice = choose(await compare(onWasm, onGpu, sample, runtime));
    const [stage, other] = choice.provider === 'webgpu' ? [onGpu, onWasm] : [onWasm, onGpu];
    await takeTurn(() => other.release());
    return { stage, choice };
  } catch (error) {
    if (!(error instanceof ProviderFault)) {
      throw error;
    }
    await takeTurn(async () => onGpu?.release());
    return { stage: onWasm, choice: chooseWasm(error.message) };
  }
}

/** A stage on the device. Throws a ProviderFault. */
export function createOn(
  gpu: Gpu,
  bytes: Uint8Array,
  names: StageNames,
  { takeTurn, create = createStage, gpuDeadlineMs: deadlineMs = 5_000 }: StageRuntime,
): Promise<OnnxStage> {
  return takeTurn(() => createGpuStage(gpu, (device) => create(bytes, names, device), { deadlineMs }));
}

async function compare(
  onWasm: OnnxStage,
  onGpu: OnnxStage,
  sample: Hidden,
  runtime: StageRuntime,
): Promise<ProviderTrial> {
  const { takeTurn } = runtime;
  const agreement = agreementOf(await takeTurn(() => onWasm.run(sample)), await takeTurn(() => onGpu.run(sample)));
  const measuredMs = { wasm: await measure(onWasm, sample, runtime), webgpu: await measure(onGpu, sample, runtime) };
  return { measuredMs, agreement };
}

async function measure(
  stage: OnnxStage,
  sample: Hidden,
  { takeTurn, now = () => performance.now() }: StageRuntime,
): Promise<number> {
  let fastest = Infinity;
  for (let run = 0; run < RUNS; run++) {
    const tookMs = await takeTurn(async () => {
      await eventLoopTurn();
      const from = now();
      await stage.run(sample);
      await eventLoopTurn();
      return now() - from;
    });
    fastest = Math.min(fastest, tookMs);
  }
  return fastest;
}

function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
