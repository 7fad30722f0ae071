/**
 * The outermost middleware: gives each request its id, its ports and its recorder, puts `x-request-id` and
 * `Server-Timing` on every answer, and has the trace written once the answer has ended.
 */
import type { MiddlewareHandler } from 'hono';
import type { TraceStage } from '../contract/trace.ts';
import { startRecord } from '../gateway.ts';
import type { AppEnv, Gateway } from './context.ts';
import { toPlace } from './place.ts';
import { shorten } from './shorten.ts';

export function traceRequests(gateway: Gateway): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const requestId = `req_${crypto.randomUUID().replaceAll('-', '')}`;
    const { colo } = toPlace(c.req.raw);
    const ports = gateway.portsFor(c.executionCtx, colo);
    // Where a route matches, it puts its pattern here.
    const route = `${c.req.method} ${shorten(c.req.path)}`;
    const recorder = startRecord({ request_id: requestId, route, colo }, ports);
    c.set('gateway', gateway);
    c.set('ports', ports);
    c.set('recorder', recorder);
    c.set('requestId', requestId);

    await next();

    c.res.headers.set('x-request-id', requestId);
    // All but the page and its files is of one tenant, or of this moment.
    if (!c.res.headers.has('cache-control') && !c.req.path.startsWith('/docs')) {
      c.res.headers.set('cache-control', 'no-store');
    }
    recorder.leave(c.res.status);
    c.res.headers.set('server-timing', toServerTiming(recorder.trace.stages, recorder.trace.head_ms));
    ports.background(() => recorder.finish());
  };
}

/** Milliseconds; a description never holds what would end its quoted string. */
function toServerTiming(stages: readonly TraceStage[], totalMs: number): string {
  const entries = stages.map(
    ({ stage, decision, ms }) => `${stage};dur=${round(ms)};desc="${decision.replaceAll(/[^\w .:-]/g, '')}"`,
  );
  return [...entries, `total;dur=${round(totalMs)}`].join(', ');
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
