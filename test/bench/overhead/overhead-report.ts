/** From the runs of the overhead benchmark to its figures. Pure. */
import type { Outcome } from '../report.ts';
import { percentile } from '../stats.ts';
import { formatNumber, type Table } from '../table.ts';
import type { Stage } from './overhead.ts';
import { WAYS, type Run, type Way } from './overhead-stack.ts';

/** All runs of one way at one stage. */
export interface Cell {
  way: Way;
  stage: Stage;
  runs: Run[];
}

/** Milliseconds, but for `gatewayUs`: what the gateway's process computes for a token, in microseconds. */
interface Figures {
  firstP50: number;
  firstP99: number;
  tokenP50: number;
  tokenP99: number;
  gapP50: number;
  tokensPerSecond: number;
  gatewayUs: number | null;
  /** Processors that client, origin and gateway kept busy. */
  busy: number | null;
}

const NAMES = { direct: 'origin, direct', portkey: 'Portkey', perigee: 'Perigee' } as const;
const NOTES = [
  'Client, origin and gateway share the cores of this machine: where "busy" comes near their number, the figures are of the machine and not of the gateway.',
  'Without a pace the origin writes many tokens at once, so they pass through a gateway together: that shows what it can carry, not what a token costs that comes alone.',
];

export function describeOverhead(paced: readonly Cell[], unpaced: readonly Cell[]): Outcome {
  return {
    settings: Object.fromEntries(
      [...paced, ...unpaced]
        .filter(({ way }) => way === 'direct')
        .map(({ stage }) => [`${stage.msPerToken === 0 ? 'unpaced' : 'paced'}_at_${stage.connections}`, tell(stage)]),
    ),
    metrics: { ...toPacedMetrics(paced), ...toUnpacedMetrics(unpaced) },
    tables: [toPacedTable(paced), toUnpacedTable(unpaced)],
    notes: NOTES,
  };
}

function tell({ rounds, connections, streams, tokens, msPerToken }: Stage): string {
  const pace = msPerToken === 0 ? '' : `, one every ${msPerToken} ms`;
  return `${rounds} rounds of ${connections * streams} streams of ${tokens} tokens${pace}`;
}

export function toFigures({ runs }: Pick<Cell, 'runs'>): Figures {
  const first = pool(runs.map(({ firstTokenUs }) => firstTokenUs));
  const token = pool(runs.map(({ tokenUs }) => tokenUs));
  const tokens = sum(runs.map((run) => run.tokens));
  const wallMs = sum(runs.map((run) => run.wallMs));
  const gatewayMs = sum(runs.map(({ busyMs }) => busyMs.gateway ?? Number.NaN));
  const busyMs = sum(
    runs.map(({ busyMs: { gateway, origin, client } }) => (gateway ?? 0) + (origin ?? Number.NaN) + (client ?? 0)),
  );
  return {
    firstP50: percentile(first, 0.5) / 1000,
    firstP99: percentile(first, 0.99) / 1000,
    tokenP50: percentile(token, 0.5) / 1000,
    tokenP99: percentile(token, 0.99) / 1000,
    gapP50: percentile(pool(runs.map(({ gapUs }) => gapUs)), 0.5) / 1000,
    tokensPerSecond: (tokens / wallMs) * 1000,
    gatewayUs: orNull((gatewayMs / tokens) * 1000),
    busy: orNull(busyMs / wallMs),
  };
}

function toPacedMetrics(cells: readonly Cell[]): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const [connections, at] of byConnections(cells)) {
    for (const way of WAYS) {
      const figures = at[way];
      const prefix = way === 'perigee' ? '' : `${way}_`;
      if (way !== 'direct') {
        metrics[`${prefix}first_token_overhead_p50_ms_${connections}`] = figures.firstP50 - at.direct.firstP50;
        metrics[`${prefix}token_overhead_p50_ms_${connections}`] = figures.tokenP50 - at.direct.tokenP50;
        metrics[`${prefix}gap_overhead_p50_ms_${connections}`] = figures.gapP50 - at.direct.gapP50;
      }
      metrics[`${prefix}first_token_p50_ms_${connections}`] = figures.firstP50;
      metrics[`${prefix}first_token_p99_ms_${connections}`] = figures.firstP99;
      metrics[`${prefix}token_p50_ms_${connections}`] = figures.tokenP50;
      metrics[`${prefix}token_p99_ms_${connections}`] = figures.tokenP99;
      if (figures.gatewayUs !== null) {
        metrics[`${prefix}processor_us_per_token_${connections}`] = figures.gatewayUs;
      }
      if (figures.busy !== null) {
        metrics[`${prefix}busy_processors_${connections}`] = figures.busy;
      }
    }
  }
  return metrics;
}

function toUnpacedMetrics(cells: readonly Cell[]): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const [connections, at] of byConnections(cells)) {
    for (const way of WAYS) {
      const prefix = way === 'perigee' ? '' : `${way}_`;
      metrics[`${prefix}unpaced_tokens_per_s_${connections}`] = at[way].tokensPerSecond;
      metrics[`${prefix}unpaced_gap_p50_ms_${connections}`] = at[way].gapP50;
    }
  }
  return metrics;
}

function toPacedTable(cells: readonly Cell[]): Table {
  return {
    title: 'Milliseconds from the request to the first token, and from the origin to the client for a later one',
    head: [
      '',
      'first p50',
      'first p99',
      'over',
      'token p50',
      'token p99',
      'over',
      'gap over',
      'gateway µs/token',
      'busy',
    ],
    rows: [...byConnections(cells)].flatMap(([connections, at]) =>
      WAYS.map((way) => {
        const { firstP50, firstP99, tokenP50, tokenP99, gapP50, gatewayUs, busy } = at[way];
        const over = (figure: number): string => (way === 'direct' ? '' : figure.toFixed(3));
        return [
          `${NAMES[way]}, ${connections}`,
          formatNumber(firstP50),
          formatNumber(firstP99),
          over(firstP50 - at.direct.firstP50),
          tokenP50.toFixed(3),
          tokenP99.toFixed(3),
          over(tokenP50 - at.direct.tokenP50),
          over(gapP50 - at.direct.gapP50),
          way === 'direct' ? '' : formatNumber(gatewayUs),
          formatNumber(busy),
        ];
      }),
    ),
  };
}

function toUnpacedTable(cells: readonly Cell[]): Table {
  const levels = [...byConnections(cells)];
  return {
    title: 'Tokens a second, as fast as they are taken',
    head: ['', ...levels.map(([connections]) => `@${connections}`)],
    rows: WAYS.map((way) => [NAMES[way], ...levels.map(([, at]) => formatNumber(at[way].tokensPerSecond))]),
  };
}

function byConnections(cells: readonly Cell[]): Map<number, Record<Way, Figures>> {
  const levels = Map.groupBy(cells, ({ stage }) => stage.connections);
  return new Map(
    [...levels].map(([connections, level]) => {
      const figures = Object.fromEntries(level.map((cell) => [cell.way, toFigures(cell)])) as Record<Way, Figures>;
      return [connections, figures];
    }),
  );
}

function pool(parts: readonly Float64Array[]): number[] {
  return parts.flatMap((part) => [...part]);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
