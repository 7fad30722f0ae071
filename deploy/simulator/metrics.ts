/**
 * Prometheus text under the names vLLM uses, so that what scrapes vLLM scrapes the simulator. Of the KV cache there is
 * no model: its use is the share of `maxConcurrent` that runs, 0 where there is no limit. Pure.
 */
import type { Queue, Slot } from './queue.ts';
import type { Counters } from './stats.ts';

export function toMetrics(models: readonly string[], maxConcurrent: number, queue: Queue, counters: Counters): string {
  const countRunning = (model: string): number => countOf(queue.running, model);
  const families: [name: string, type: 'gauge' | 'counter', read: (model: string) => number][] = [
    ['vllm:num_requests_running', 'gauge', countRunning],
    ['vllm:num_requests_waiting', 'gauge', (model) => countOf(queue.waiting, model)],
    ['vllm:kv_cache_usage_perc', 'gauge', (model) => countRunning(model) / maxConcurrent],
    ['vllm:prefix_cache_queries_total', 'counter', (model) => counters.prefix.get(model)?.queries ?? 0],
    ['vllm:prefix_cache_hits_total', 'counter', (model) => counters.prefix.get(model)?.hits ?? 0],
  ];
  const lines = families.flatMap(([name, type, read]) => [
    `# TYPE ${name} ${type}`,
    ...models.map((model) => `${name}{model_name="${escapeLabel(model)}"} ${read(model)}`),
  ]);
  return `${lines.join('\n')}\n`;
}

function countOf(slots: ReadonlySet<Slot>, model: string): number {
  let count = 0;
  for (const slot of slots) {
    if (slot.model === model) {
      count++;
    }
  }
  return count;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
