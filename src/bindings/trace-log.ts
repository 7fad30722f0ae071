/**
 * Writes each request's trace as one JSON line. Nothing of a question, an answer or a secret is in it. What an operator is warned of stands before
 * the isolate's first trace: what a Worker logs while it starts belongs to no request, and need not be kept.
 */
import type { TraceLog } from '../contract/ports.ts';

export function createTraceLog(warnings: readonly string[] = []): TraceLog {
  let untold = warnings;
  return {
    write: (trace) => {
      for (const warning of untold) {
        console.warn(JSON.stringify({ warning }));
      }
      untold = [];
      console.log(JSON.stringify(trace));
    },
  };
}
