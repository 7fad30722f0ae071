/**
 * The recorder of one request: stages report to it, and it writes the trace when the answer has ended.
 * The clock is an argument; nothing here throws.
 */
import type { Clock, TraceLog } from '../contract/ports.ts';
import type { Recorder, StageNote, Trace } from '../contract/trace.ts';

export function record(
  head: Pick<Trace, 'request_id' | 'route' | 'colo'>,
  { clock, log }: { clock: Clock; log: TraceLog },
): Recorder {
  const startedAt = clock.now();
  const trace: Trace = { ...emptyTrace(), ...head, started_at: startedAt };
  let ending: (() => Promise<Partial<Trace>>) | null = null;

  return {
    trace,
    set: (facts) => {
      Object.assign(trace, facts);
    },
    stage: async (stage, work, decide) => {
      const since = clock.now();
      const outcome = await work();
      trace.stages.push({ stage, ...toNote(decide(outcome)), ms: clock.now() - since });
      return outcome;
    },
    endsWith: (work) => {
      ending = work;
    },
    leave: (status) => {
      Object.assign(trace, { status, head_ms: clock.now() - startedAt });
    },
    finish: async () => {
      try {
        Object.assign(trace, await ending?.());
      } catch (error) {
        trace.store = `failed: ${error instanceof Error ? error.message : String(error)}`;
      }
      trace.total_ms = clock.now() - startedAt;
      log.write(trace);
    },
  };
}

function toNote(decision: string | StageNote): StageNote | { decision: string } {
  return typeof decision === 'string' ? { decision } : decision;
}

function emptyTrace(): Trace {
  return {
    request_id: '',
    started_at: 0,
    route: '',
    tenant: null,
    key: null,
    colo: null,
    model: null,
    alias: null,
    status: 0,
    problem: null,
    cache: null,
    similarity: null,
    origin: null,
    stream: false,
    stages: [],
    prompt_tokens: 0,
    completion_tokens: 0,
    tokens_from: null,
    cost_usd: 0,
    saved_usd: 0,
    head_ms: 0,
    total_ms: 0,
    ended: 'complete',
    store: null,
  };
}
