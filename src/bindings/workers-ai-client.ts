/**
 * Sends chats to the platform's own models by the binding of Workers AI, as calls to any other origin: the binding takes the place of fetch, and what
 * it answers is put into OpenAI's shape. Deadlines, the caller's leaving and faults are those of every call.
 */
import { isJsonObject, type JsonObject } from '../contract/json.ts';
import type { OriginClient } from '../contract/ports.ts';
import { createChunkTranslator } from '../origin/workers-ai/to-chunks.ts';
import { toCompletion, toErrorText, type Envelope } from '../origin/workers-ai/to-completion.ts';
import { toInputs } from '../origin/workers-ai/to-inputs.ts';
import { createOriginClient } from './origin-client.ts';

/** What is used of the binding `AI`. */
export interface WorkersAi {
  run(
    model: string,
    inputs: Record<string, unknown>,
    options: { returnRawResponse: true; signal?: AbortSignal },
  ): Promise<Response>;
}

/** Longer whole answers are refused by whoever asks; no more than this is ever held. */
const MAX_WHOLE_BYTES = 16 * 1024 * 1024;

export function createWorkersAiClient(ai: WorkersAi): OriginClient {
  return createOriginClient(async (_, { body, headers, signal }) => {
    const request: unknown = typeof body === 'string' ? JSON.parse(body) : null;
    const model = isJsonObject(request) ? request['model'] : null;
    if (!isJsonObject(request) || typeof model !== 'string' || !(signal instanceof AbortSignal)) {
      throw new Error('Workers AI: expected a chat with a model and a signal');
    }
    const response = await run(ai, model, toInputs(request), signal);
    const id = new Headers(headers).get('x-request-id') ?? '';
    return translate(response, { id: `chatcmpl-${id}`, model, created: Math.floor(Date.now() / 1000) }, signal);
  });
}

/** The binding may not heed the signal: an answer that comes too late is cancelled. */
async function run(ai: WorkersAi, model: string, inputs: JsonObject, signal: AbortSignal): Promise<Response> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const leave = () => reject(new Error('aborted'));
  signal.addEventListener('abort', leave, { once: true });
  const answer = ai.run(model, inputs, { returnRawResponse: true, signal });
  try {
    return await Promise.race([answer, aborted]);
  } catch (error) {
    void discardLate(answer);
    throw error;
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

async function discardLate(answer: Promise<Response>): Promise<void> {
  try {
    await (await answer).body?.cancel();
  } catch {
    // It failed, too.
  }
}

/** Its length is another then. */
function translate({ status, headers, body }: Response, envelope: Envelope, signal: AbortSignal): Response {
  const kept = ['content-type', 'retry-after'].flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  const isStream = headers.get('content-type')?.startsWith('text/event-stream') === true;
  const transform = isStream
    ? toChunkStream(envelope)
    : toWholeStream((text) => (status >= 400 ? toErrorText(text) : toCompletion(text, envelope)));
  return new Response(body?.pipeThrough(transform, { signal }) ?? null, {
    status,
    headers: Object.fromEntries(kept),
  });
}

function toChunkStream(envelope: Envelope): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const translator = createChunkTranslator(envelope);
  return new TransformStream({
    transform(bytes, out) {
      const text = translator.push(decoder.decode(bytes, { stream: true }));
      if (text !== '') {
        out.enqueue(encoder.encode(text));
      }
    },
  });
}

function toWholeStream(change: (text: string) => string): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  let text = '';
  return new TransformStream({
    transform(bytes) {
      text += decoder.decode(bytes, { stream: true });
      if (text.length > MAX_WHOLE_BYTES) {
        throw new Error(`an answer of more than ${MAX_WHOLE_BYTES} bytes`);
      }
    },
    flush(out) {
      out.enqueue(new TextEncoder().encode(change(text + decoder.decode())));
    },
  });
}
