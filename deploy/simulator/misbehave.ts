/** Faults that break the protocol below the models' own: they answer in a request's place, and need no model. */
import type { Exchange } from './exchange.ts';
import { EVENT_STREAM } from './exchange.ts';
import type { BreakingFault } from './faults.ts';

/** At most so many bytes are written at a time. */
const PART_BYTES = 65_536;

/** True where the fault is one of these; then the exchange has ended, or the client has left. */
export async function misbehave(exchange: Exchange, fault: BreakingFault, isStream: boolean): Promise<boolean> {
  switch (fault.kind) {
    case 'html': {
      const body = '<!doctype html>\n<html><head><title>Proxy</title></head><body><h1>Bad gateway</h1></body></html>\n';
      await exchange.answer({ status: fault.status ?? 200, contentType: 'text/html; charset=utf-8', body });
      return true;
    }
    case 'redirect':
      await exchange.answer({
        status: 307,
        contentType: 'text/plain',
        body: '',
        headers: { location: `http://127.0.0.1:${fault.port}/v1/chat/completions` },
      });
      return true;
    case 'headers':
      await exchange.sendHeadersForEver();
      return true;
    case 'huge':
      await sendHuge(exchange, fault.bytes, isStream);
      return true;
    case 'drip':
      if (isStream && (fault.afterTokens ?? 0) > 0) {
        return false;
      }
      exchange.begin(200, { 'content-type': isStream ? EVENT_STREAM : 'application/json' });
      await drip(exchange, fault.everyMs, isStream);
      return true;
    default:
      return false;
  }
}

/** One value that long, in one event of a stream. */
async function sendHuge(exchange: Exchange, bytes: number, isStream: boolean): Promise<void> {
  exchange.begin(200, { 'content-type': isStream ? EVENT_STREAM : 'application/json' });
  await exchange.write(isStream ? 'data: {"choices":[],"x":"' : '{"choices":[],"outputs":[],"x":"');
  const part = 'x'.repeat(PART_BYTES);
  for (let sent = 0; sent < bytes && exchange.isOpen; sent += PART_BYTES) {
    await exchange.write(part);
  }
  if (exchange.isOpen) {
    await exchange.write(isStream ? '"}\n\n' : '"}');
    exchange.end();
  }
}

/** A byte now and then of a body, or of an event, that is never whole. */
export async function drip(exchange: Exchange, everyMs: number, isStream: boolean): Promise<void> {
  await exchange.write(isStream ? 'data: {"choices":[],"x":"' : '{"choices":[],"x":"');
  while (exchange.isOpen) {
    await exchange.write('x');
    await exchange.waitUntil(performance.now() + everyMs);
  }
}
