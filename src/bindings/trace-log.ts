/** Writes each request's trace as one JSON line. Nothing of a question, an answer or a secret is in it. */
import type { TraceLog } from '../contract/ports.ts';

export function createTraceLog(): TraceLog {
  return {
    write: (trace) => {
      console.log(JSON.stringify(trace));
    },
  };
}
