/** Drives the replaying Worker: batch after batch, so that no request grows large. */
import type { ExitPolicy } from '../../../src/contract/exits.ts';
import type { GatewayWorker } from '../worker-process.ts';
import { REPLAY_PATH, type Observed, type ReplayBody, type Replayed, type SentInput } from './messages.ts';

const BATCH = 20;
const ROWS_BETWEEN_NEWS = 500;

export function observeAll(worker: GatewayWorker, task: string, inputs: readonly SentInput[]): Promise<Observed[]> {
  return inBatches(inputs, (batch, from) => ask<Observed>(worker, { task, from, inputs: batch, fixed: null }));
}

/** Each input in all ways, in the inputs' order. */
export function replayAll(
  worker: GatewayWorker,
  task: string,
  inputs: readonly SentInput[],
  fixed: ExitPolicy,
): Promise<Replayed[]> {
  return inBatches(inputs, (batch, from) => ask<Replayed>(worker, { task, from, inputs: batch, fixed }));
}

async function inBatches<T, R>(
  all: readonly T[],
  ask: (batch: readonly T[], from: number) => Promise<R[]>,
): Promise<R[]> {
  const given: R[] = [];
  for (let from = 0; from < all.length; from += BATCH) {
    if (from > 0 && from % ROWS_BETWEEN_NEWS === 0) {
      console.error(`${from} of ${all.length} rows`);
    }
    given.push(...(await ask(all.slice(from, from + BATCH), from)));
  }
  return given;
}

async function ask<R>(worker: GatewayWorker, body: ReplayBody): Promise<R[]> {
  const { json } = await worker.ask(REPLAY_PATH, body);
  return json as R[];
}
