/** Origins, gateways and client of the overhead benchmark, each in a process of its own, all on 127.0.0.1. */
import { freePorts } from '../../support/node/test-origins.ts';
import { streamBody } from '../bodies.ts';
import { startClientProcess } from '../client-process.ts';
import { toCatalogueEntry, toPortkeyHeaders } from '../gateway-stack.ts';
import { childrenNamed, isProcessorTimeKnown, processorMs } from '../processor-time.ts';
import { startOrigin, startPortkey, type ServerProcess } from '../server-process.ts';
import { startParts } from '../start-parts.ts';
import { startGatewayWorker } from '../worker-process.ts';
import { planLines, type Level } from './plan-lines.ts';
import type { StreamPlan, StreamResult } from './stream-load.ts';

export const WAYS = ['direct', 'portkey', 'perigee'] as const;
export type Way = (typeof WAYS)[number];

export interface Run extends StreamResult {
  wallMs: number;
  /** Milliseconds on a processor; null where that is not known, or there is no such process. */
  busyMs: { gateway: number | null; origin: number | null; client: number | null };
}

export interface OverheadStack {
  /** Equal numbers of `first` ask the same; each run of a level takes as many as it has streams. */
  run(way: Way, level: Level, first: number): Promise<Run>;
  stop(): Promise<void>;
}

const PATH = '/v1/chat/completions';
/** Sent to all alike. */
const UNCACHED = { 'cache-control': 'no-store' };

/** `paces`: milliseconds between two tokens; each has an origin of its own. */
export function startOverheadStack(paces: readonly number[]): Promise<OverheadStack> {
  return startParts(async (keep) => {
    const [portkeyPort = 0, ...ports] = await freePorts(1 + paces.length);
    const origins = new Map<number, ServerProcess>();
    for (const [nth, pace] of paces.entries()) {
      const flags = ['--models', modelOf(pace), '--per-token', String(pace), '--stamp-tokens'];
      origins.set(pace, keep(await startOrigin(ports[nth] ?? 0, flags)));
    }
    const portkey = keep(await startPortkey(portkeyPort));
    const perigee = keep(
      await startGatewayWorker({
        ORIGINS: [...origins].map(([pace, origin]) => toCatalogueEntry(urlOf(origin), modelOf(pace), modelOf(pace))),
      }),
    );
    const workerd = isProcessorTimeKnown() ? (childrenNamed('workerd')[0] ?? null) : null;
    const client = keep(startClientProcess<StreamPlan, StreamResult>('overhead/stream-process.ts'));

    return {
      run: async (way, level, first) => {
        const origin = origins.get(level.msPerToken);
        if (origin === undefined) {
          throw new Error(`pace: expected one of ${paces.join(', ')}, received ${level.msPerToken}`);
        }
        const targets = {
          direct: { ...origin, headers: {}, outcome: '' },
          portkey: { ...portkey, headers: toPortkeyHeaders(urlOf(origin)), outcome: '' },
          perigee: { ...perigee, headers: { authorization: perigee.authorization }, outcome: 'BYPASS' },
        };
        const { host, port, headers, outcome } = targets[way];
        const plan = {
          host,
          port,
          path: PATH,
          headers: { ...headers, ...UNCACHED },
          outcome,
          lines: toLines(level, first),
        };
        const gatewayId = { direct: null, portkey: portkey.id, perigee: workerd }[way];
        const ids = { gateway: gatewayId, origin: origin.id, client: client.id };
        const before = readBusy(ids);
        const since = performance.now();
        const result = await client.run(plan);
        const wallMs = performance.now() - since;
        const after = readBusy(ids);
        if (way === 'perigee') {
          await perigee.drained(result.requests);
        }
        return { ...result, wallMs, busyMs: subtract(after, before) };
      },
    };
  });
}

function toLines(level: Level, first: number): StreamPlan['lines'] {
  let number = first;
  return planLines(level).map(({ startMs, streams }) => ({
    startMs,
    streams: streams.map((stream) => ({
      ...stream,
      body: streamBody(number++, modelOf(level.msPerToken), stream.tokens),
    })),
  }));
}

function modelOf(pace: number): string {
  return `pace-${pace}`;
}

function urlOf({ host, port }: ServerProcess): string {
  return `http://${host}:${port}/v1`;
}

type Busy = Run['busyMs'];

function readBusy(ids: Busy): Busy {
  const read = (id: number | null): number | null => (id === null || !isProcessorTimeKnown() ? null : processorMs(id));
  return { gateway: read(ids.gateway), origin: read(ids.origin), client: read(ids.client) };
}

function subtract(after: Busy, before: Busy): Busy {
  const less = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a - b);
  return {
    gateway: less(after.gateway, before.gateway),
    origin: less(after.origin, before.origin),
    client: less(after.client, before.client),
  };
}
