/** From the gateway benchmark's replies to its figures. Pure. */
import type { Target } from './gateway-targets.ts';
import type { Reply } from './load.ts';
import type { Outcome } from './report.ts';
import { median, percentile } from './stats.ts';
import { formatNumber } from './table.ts';

/** One row of the table at one number of connections. */
export interface Cell {
  target: Target;
  level: { connections: number };
  replies: Reply[];
  /** Requests a second, one figure a round. */
  rates: number[];
}

interface Figures {
  p50: number;
  p99: number;
  rate: number;
  /** Of the replies, those that were served as the row's name says. */
  share: number;
}

const NOTES = [
  'All processes share the cores of this machine: requests a second are for client, gateway and origin together.',
  "KV is Miniflare's, a Durable Object on Perigee's own thread, where a deployed Worker waits for the network: a miss pays for two reads and two writes here.",
  "Perigee's requests a second count the work after the answers too: storing, and embedding where a question is stored.",
  'Beyond one connection the queue of the model may pass its budget; the question is then passed on, which is a miss. Latencies of that row are those of its hits.',
];

export function describeGateway(
  cells: readonly Cell[],
  levels: readonly { connections: number; rounds: number; requests: number; embedding: number }[],
): Outcome {
  const figures = new Map(cells.map((cell) => [`${cell.target.key}@${cell.level.connections}`, toFigures(cell)]));
  const at = (key: string, connections: number): Figures | undefined => figures.get(`${key}@${connections}`);
  const targets = [...new Set(cells.map(({ target }) => target))];
  const direct = at('direct', 1);
  const metrics: Record<string, number> = {};
  for (const { key } of targets) {
    for (const { connections } of levels) {
      Object.assign(metrics, toMetrics(key, connections, at(key, connections), direct));
    }
  }
  return {
    settings: Object.fromEntries(
      levels.map(({ connections, rounds, requests, embedding }) => [
        `at_${connections}`,
        `${rounds} rounds of ${requests}, of ${embedding} where texts are embedded`,
      ]),
    ),
    metrics,
    tables: [
      {
        title: 'Milliseconds until the answer is read, and requests a second',
        head: ['', ...levels.flatMap(({ connections: n }) => [`p50 @${n}`, `p99 @${n}`, `rps @${n}`]), 'hits @16'],
        rows: targets.map(({ key, label, outcome }) => [
          label,
          ...levels.flatMap(({ connections }) => toColumns(at(key, connections))),
          outcome === 'SEMANTIC HIT' ? formatNumber(at(key, 16)?.share) : '',
        ]),
      },
    ],
    notes: NOTES,
  };
}

function toFigures({ target, replies, rates }: Cell): Figures {
  const served = replies.filter(({ outcome }) => outcome === target.outcome).map(({ ms }) => ms);
  const share = served.length / replies.length;
  return { p50: percentile(served, 0.5), p99: percentile(served, 0.99), rate: median(rates), share };
}

/** At one connection a name has no suffix: `miss_p50_ms`; at others `miss_p50_ms_16`, `rps_16` being a miss's own. */
function toMetrics(
  key: string,
  connections: number,
  figures: Figures | undefined,
  direct: Figures | undefined,
): Record<string, number> {
  if (figures === undefined) {
    return {};
  }
  const suffix = connections === 1 ? '' : `_${connections}`;
  const overhead = connections === 1 && direct !== undefined ? { [toOverheadName(key)]: figures.p50 - direct.p50 } : {};
  return {
    [`${key}_p50_ms${suffix}`]: figures.p50,
    [`${key}_p99_ms${suffix}`]: figures.p99,
    [toRateName(key, connections)]: figures.rate,
    ...(figures.share < 1 ? { [`${key}_share${suffix}`]: figures.share } : {}),
    ...(key.startsWith('miss') || key === 'portkey' ? overhead : {}),
  };
}

function toOverheadName(key: string): string {
  return key === 'miss_with_index' ? 'miss_overhead_with_index_p50_ms' : `${key}_overhead_p50_ms`;
}

function toRateName(key: string, connections: number): string {
  if (key.startsWith('miss')) {
    return `rps_${connections}${key.slice('miss'.length)}`;
  }
  return `${key}_rps_${connections}`;
}

function toColumns(figures: Figures | undefined): string[] {
  return figures === undefined
    ? ['', '', '']
    : [formatNumber(figures.p50), formatNumber(figures.p99), formatNumber(figures.rate)];
}
