/** Takes requests through the gateway on fakes, as `http/` would: the answer is read to its end, then the trace is written. */
import type { Answer } from '../../src/contract/answer.ts';
import type { OriginCall } from '../../src/contract/origin.ts';
import type { Result } from '../../src/contract/problem.ts';
import type { GenerationRequest } from '../../src/contract/request.ts';
import type { Trace } from '../../src/contract/trace.ts';
import { answer, startRecord } from '../../src/gateway.ts';
import type { Script, ScriptedPart, ScriptedReply } from './fake-origin-client.ts';
import { createFakePorts, type FakePorts } from './fake-ports.ts';
import { chatChunks, chatCompletion, sampleSettings, toEvents, USAGE_CHUNK } from './samples.ts';

export interface Journey {
  ports: FakePorts;
  ask: (request: GenerationRequest) => Promise<Asked>;
}

export interface Asked {
  result: Result<Answer>;
  /** How the cache took part, or the kind of the problem. */
  outcome: string;
  text: string;
  trace: Trace;
}

export interface JourneyOptions {
  script?: Script;
  vars?: Readonly<Record<string, unknown>>;
}

export function createJourney({ script = answerByNumber, vars = {} }: JourneyOptions = {}): Journey {
  const settings = sampleSettings(vars);
  const ports = createFakePorts(script, settings);
  return {
    ports,
    ask: async (request) => {
      const recorder = startRecord({ request_id: request.id, route: 'POST /v1/chat/completions', colo: null }, ports);
      const result = await answer(request, ports, settings, recorder);
      const text = result.ok ? await new Response(result.value.body).text() : '';
      await recorder.finish();
      const outcome = result.ok ? result.value.cache.status : result.problem.kind;
      return { result, outcome, text, trace: recorder.trace };
    },
  };
}

/** Streams or not, as asked; the content counts the calls: `Answer 0`. */
export function answerByNumber(call: OriginCall, index: number): ScriptedReply {
  return answerWith(`Answer ${index}`, call);
}

export function answerWith(content: string, { headers }: OriginCall): ScriptedReply {
  return headers['accept'] === 'text/event-stream'
    ? streamReply(toEvents(...chatChunks(content), USAGE_CHUNK, '[DONE]'))
    : { parts: [JSON.stringify(chatCompletion(content))] };
}

export function streamReply(...parts: readonly ScriptedPart[]): ScriptedReply {
  return { contentType: 'text/event-stream', parts };
}
