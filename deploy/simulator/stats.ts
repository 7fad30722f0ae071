/** What a simulator has seen and done, counted from the start or the last reset. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Queue } from './queue.ts';

export interface SimulatorStats {
  /** POST requests to /v1 and /v2 that arrived, whatever became of them. */
  requests: number;
  running: number;
  queued: number;
  maxRunning: number;
  /** The client left before the answer was out, also where a fault had stalled it. */
  aborted: number;
  /** Answered in full by the simulated model. */
  completed: number;
  /** Broken by a fault; `slow` breaks nothing. */
  faulted: number;
  promptTokens: number;
  /** Counted as they are written. */
  completionTokens: number;
  cachedTokens: number;
  /** The last request to /v1 or /v2 as it was received; bytes that are no UTF-8 are lost. */
  lastRequest?: ReceivedRequest;
}

export interface ReceivedRequest {
  path: string;
  /** Names in lower case. */
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Counters extends Omit<SimulatorStats, 'running' | 'queued' | 'maxRunning' | 'lastRequest'> {
  lastRequest: ReceivedRequest | null;
  /** Tokens looked up and found in the prefix cache, by model. */
  prefix: Map<string, { queries: number; hits: number }>;
}

export function createCounters(): Counters {
  return {
    requests: 0,
    aborted: 0,
    completed: 0,
    faulted: 0,
    promptTokens: 0,
    completionTokens: 0,
    cachedTokens: 0,
    lastRequest: null,
    prefix: new Map(),
  };
}

export function countPrompt(counters: Counters, model: string, promptTokens: number, cachedTokens: number): void {
  counters.promptTokens += promptTokens;
  counters.cachedTokens += cachedTokens;
  const prefix = counters.prefix.get(model) ?? { queries: 0, hits: 0 };
  counters.prefix.set(model, { queries: prefix.queries + promptTokens, hits: prefix.hits + cachedTokens });
}

export function toStats(counters: Counters, queue: Queue): SimulatorStats {
  const { prefix: _, lastRequest, ...counts } = counters;
  const stats = { ...counts, running: queue.running.size, queued: queue.waiting.size, maxRunning: queue.maxRunning };
  return lastRequest === null ? stats : { ...stats, lastRequest };
}
