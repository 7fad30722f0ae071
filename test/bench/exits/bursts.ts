/**
 * POST /v1/classify through HTTP, in bursts of requests at once, with feedback and without: two Workers, turn by turn.
 * Between two bursts lies a pause, in which what was sampled runs on; the next burst may find it running.
 */
import { createRandom } from '../../../deploy/simulator/random.ts';
import { percentile } from '../stats.ts';
import { startGatewayWorker, type GatewayWorker } from '../worker-process.ts';
import type { SentInput } from './messages.ts';

const BURST = 8;
const BURSTS = 60;
const WARM_UP_BURSTS = 3;
const MEAN_PAUSE_MS = 60;
/** The least that settings allow: one request in a thousand. */
const LEAST_SHARE = 0.001;

export async function measureBursts(task: string, inputs: readonly SentInput[]): Promise<Record<string, number>> {
  const on = await startGatewayWorker({});
  const off = await startGatewayWorker({ EXITS: { default: { share: LEAST_SHARE, max_share: LEAST_SHARE } } });
  try {
    const random = createRandom(1);
    const times = { on: [] as number[], off: [] as number[] };
    for (let burst = -WARM_UP_BURSTS; burst < BURSTS; burst++) {
      const chosen = Array.from({ length: BURST }, () => inputs[Math.floor(random() * inputs.length)]);
      const order = burst % 2 === 0 ? (['on', 'off'] as const) : (['off', 'on'] as const);
      for (const which of order) {
        const measured = await Promise.all(chosen.map((input) => time(which === 'on' ? on : off, task, input)));
        times[which].push(...(burst < 0 ? [] : measured));
        await pause(-Math.log(1 - random()) * MEAN_PAUSE_MS);
      }
    }
    return {
      burst_p95_ms_feedback_on: percentile(times.on, 0.95),
      burst_p95_ms_feedback_off: percentile(times.off, 0.95),
      burst_p50_ms_feedback_on: percentile(times.on, 0.5),
      burst_p50_ms_feedback_off: percentile(times.off, 0.5),
    };
  } finally {
    await on.stop();
    await off.stop();
  }
}

async function time(worker: GatewayWorker, model: string, input: SentInput | undefined): Promise<number> {
  const sent = input?.kind === 'image' ? `data:image/jpeg;base64,${input.base64}` : (input?.text ?? '');
  const since = performance.now();
  await worker.ask('/v1/classify', { model, input: sent });
  return performance.now() - since;
}

function pause(timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, timeoutMs);
  });
}
