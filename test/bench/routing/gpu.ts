/**
 * An inference server: requests are admitted first in, first out, to so many slots; prompts are read one after the other, answers
 * are generated side by side. Each start is known once a request has arrived, so that nothing here needs events of its own.
 */
import type { LoadReport } from '../../../src/contract/routing.ts';

export interface GpuSpec {
  msPerToken: number;
  /** Of each request, before its prompt is read. */
  overheadMs: number;
  /** Between two tokens of an answer. */
  tokenMs: number;
  slots: number;
  /** GPUs: prompts that are read at a time. */
  readers: number;
  /** Blocks of prompts that it keeps, those used longest ago given up first; 0 for none. */
  cacheBlocks: number;
}

export interface GpuJob {
  promptTokens: number;
  answerTokens: number;
  /** Of the prompt, each naming it from its beginning. */
  blocks: readonly number[];
}

export interface Run {
  arrivedAt: number;
  startedAt: number;
  firstTokenAt: number;
  endedAt: number;
  promptTokens: number;
  /** Of them, those that were in the cache. */
  cachedTokens: number;
}

/** Tokens of a block, in Mooncake's traces. */
export const BLOCK_TOKENS = 512;

export interface Gpu {
  accept(job: GpuJob, now: number): Run;
  /** When the first token of a job that arrives at `arrivedAt` would be there, after `before`, which is under way to it. */
  predict(job: GpuJob, arrivedAt: number, before: readonly { job: GpuJob; arrivedAt: number }[]): number;
  /** Since the last report. */
  report(now: number): LoadReport;
  /** All is lost; it works again from `until` on. */
  stop(until: number): void;
}

interface Queue {
  /** By reader, when it has read all that has come. */
  freeAt: number[];
  /** When the slots' answers end. */
  ends: number[];
}

/** `slowness`: how many times longer all takes at a time. */
export function createGpu(spec: GpuSpec, slowness: (at: number) => number): Gpu {
  const idleFrom = (at: number): number[] => Array.from({ length: spec.readers }, () => at);
  let queue: Queue = { freeAt: idleFrom(0), ends: [] };
  let runs: Run[] = [];
  let reportedAt = 0;

  const cache = new Set<number>();

  const countCached = ({ promptTokens, blocks }: GpuJob): number => {
    const missing = blocks.findIndex((block) => !cache.has(block));
    return Math.min(promptTokens, BLOCK_TOKENS * (missing === -1 ? blocks.length : missing));
  };

  const keep = (blocks: readonly number[]): void => {
    for (const block of blocks.toReversed()) {
      cache.delete(block);
      cache.add(block);
    }
    for (const block of cache) {
      if (cache.size <= spec.cacheBlocks) {
        break;
      }
      cache.delete(block);
    }
  };

  const enter = (into: Queue, job: GpuJob, arrivedAt: number): Run => {
    const { promptTokens, answerTokens } = job;
    const cachedTokens = countCached(job);
    into.ends = into.ends.filter((end) => end > arrivedAt);
    const slotFreeAt =
      into.ends.length < spec.slots
        ? arrivedAt
        : (into.ends.toSorted((a, b) => a - b)[into.ends.length - spec.slots] ?? 0);
    const readerFreeAt = Math.min(...into.freeAt);
    const startedAt = Math.max(arrivedAt, readerFreeAt, slotFreeAt);
    const slow = slowness(startedAt);
    const firstTokenAt = startedAt + slow * (spec.overheadMs + (promptTokens - cachedTokens) * spec.msPerToken);
    const endedAt = firstTokenAt + slow * answerTokens * spec.tokenMs;
    into.freeAt[into.freeAt.indexOf(readerFreeAt)] = firstTokenAt;
    into.ends.push(endedAt);
    return { arrivedAt, startedAt, firstTokenAt, endedAt, promptTokens, cachedTokens };
  };

  return {
    accept(job, now) {
      const run = enter(queue, job, now);
      runs.push(run);
      keep(job.blocks);
      return run;
    },
    predict(job, arrivedAt, before) {
      const copy: Queue = { freeAt: [...queue.freeAt], ends: [...queue.ends] };
      for (const other of before) {
        enter(copy, other.job, other.arrivedAt);
      }
      return enter(copy, job, arrivedAt).firstTokenAt;
    },
    report(now) {
      const read = runs.filter(({ firstTokenAt }) => firstTokenAt > reportedAt && firstTokenAt <= now);
      const tokens = sum(read.map(({ promptTokens, cachedTokens }) => promptTokens - cachedTokens));
      const readMs = sum(read.map((run) => run.firstTokenAt - run.startedAt));
      const busyMs = sum(
        runs.map((run) => Math.max(0, Math.min(now, run.firstTokenAt) - Math.max(reportedAt, run.startedAt))),
      );
      const report: LoadReport = {
        isUp: true,
        waiting: runs.filter(({ startedAt }) => startedAt > now).length,
        running: runs.filter(({ startedAt, endedAt }) => startedAt <= now && endedAt > now).length,
        prefillMs: read.length === 0 ? null : readMs / read.length,
        readers: spec.readers,
        prefillMsPerToken: tokens === 0 ? null : readMs / tokens,
        busy: busyMs / (now - reportedAt) / spec.readers,
        at: now,
      };
      runs = runs.filter(({ endedAt }) => endedAt > now);
      reportedAt = now;
      return report;
    },
    stop(until) {
      queue = { freeAt: idleFrom(until), ends: [] };
      runs = [];
      cache.clear();
    },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
