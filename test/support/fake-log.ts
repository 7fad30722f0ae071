/** A TraceLog that keeps what was written, as it was at that moment. */
import type { TraceLog } from '../../src/contract/ports.ts';
import type { Trace } from '../../src/contract/trace.ts';

export interface FakeLog extends TraceLog {
  readonly traces: readonly Trace[];
}

export function createFakeLog(): FakeLog {
  const traces: Trace[] = [];
  return { traces, write: (trace) => void traces.push(structuredClone(trace)) };
}
