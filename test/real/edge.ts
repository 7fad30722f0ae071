/** A gateway at a point of presence, and a client of it that speaks HTTP alone. */
import { createParser } from 'eventsource-parser';
import type { WorkerdStructuredLog } from 'miniflare';
import type { WorkerModule } from '../../deploy/bundle-worker.ts';
import { createKey } from '../../deploy/development-key.ts';
import type { Trace } from '../../src/contract/trace.ts';
import { startWorkerd } from '../support/node/workerd.ts';
import { waitFor } from './wait-for.ts';

/** A trace is written when all that follows the answer is done: the first loads a model. */
const TRACED_WITHIN_MS = 120_000;

export interface Place {
  colo: string;
  country: string;
  latitude: number;
  longitude: number;
}

export interface Edge {
  colo: string;
  url: string;
  /** Sent with each request. */
  authorization: string;
  ask(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  chat(wish: ChatWish): Promise<Told>;
  /** Of the request that was answered so; it is written after the answer. */
  traceOf(requestId: string): Promise<Trace>;
  stop(): Promise<void>;
}

export interface ChatWish {
  model: string;
  text: string;
  maxTokens: number;
  options?: Readonly<Record<string, unknown>>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Called with each piece of text. */
  onText?: (told: Readonly<Told>) => void;
}

/** What a stream told its client. */
export interface Told {
  status: number;
  origin: string | null;
  cache: string | null;
  requestId: string;
  /** Of the body, `[DONE]` and errors included. */
  events: number;
  text: string;
  finishReason: string | null;
  usage: { prompt_tokens: number; completion_tokens: number } | null;
  /** The body of an answer that is no stream, or the stream's `error` event. */
  error: unknown;
  isDone: boolean;
  /** Where the connection broke, what the client saw. */
  fault: string | null;
  headMs: number;
  firstTextMs: number | null;
  endMs: number;
}

/** What the gateway prints beside its traces is an error, and is printed. */
export async function startEdge(
  place: Place,
  modules: readonly WorkerModule[],
  vars: Readonly<Record<string, unknown>>,
): Promise<Edge> {
  const traces = new Map<string, Trace>();
  const onLog = ({ message }: WorkerdStructuredLog): void => {
    if (message.startsWith('{"request_id"')) {
      const trace = JSON.parse(message) as Trace;
      traces.set(trace.request_id, trace);
    } else {
      console.error(`${place.colo}: ${message}`);
    }
  };
  // As the platform tells it: numbers as text.
  const cf = { ...place, latitude: String(place.latitude), longitude: String(place.longitude) };
  const { url, adminToken, stop } = await startWorkerd({ modules, vars, cf, onLog });
  try {
    const authorization = `Bearer ${await createKey(url.origin, adminToken, { name: 'real parts' })}`;
    return {
      colo: place.colo,
      url: url.origin,
      authorization,
      ask: (path, body, headers = {}) =>
        fetch(`${url.origin}${path}`, {
          headers: { authorization, 'content-type': 'application/json', ...headers },
          ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
        }),
      chat: (wish) => chat(url.origin, authorization, wish),
      traceOf: async (id) => {
        await waitFor(`the trace of ${id}`, () => traces.has(id), TRACED_WITHIN_MS);
        return traces.get(id) as Trace;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** `url`: a gateway's, or a model server's own. A request of the same text and options as another's has the same body. */
export async function chat(
  url: string,
  authorization: string,
  { model, text, maxTokens, options = {}, headers = {}, signal, onText = () => {} }: ChatWish,
): Promise<Told> {
  const since = performance.now();
  const body = {
    model,
    messages: [{ role: 'user', content: text }],
    max_tokens: maxTokens,
    temperature: 0,
    stream: true,
    stream_options: { include_usage: true },
    ...options,
  };
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
  const told: Told = {
    status: response.status,
    origin: response.headers.get('x-perigee-origin'),
    cache: response.headers.get('x-perigee-cache'),
    requestId: response.headers.get('x-request-id') ?? '',
    events: 0,
    text: '',
    finishReason: null,
    usage: null,
    error: null,
    isDone: false,
    fault: null,
    headMs: performance.now() - since,
    firstTextMs: null,
    endMs: 0,
  };
  if (!(response.headers.get('content-type') ?? '').startsWith('text/event-stream')) {
    told.error = await response.json();
    return told;
  }
  const parser = createParser({
    onEvent: ({ data }) => {
      note(told, data);
      if (told.text !== '') {
        told.firstTextMs ??= performance.now() - since;
        onText(told);
      }
    },
  });
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) {
      parser.feed(decoder.decode(chunk, { stream: true }));
    }
  } catch (error) {
    told.fault = String(error);
  }
  told.endMs = performance.now() - since;
  return told;
}

interface Chunk {
  choices?: { delta?: { content?: string | null }; finish_reason?: string | null }[];
  usage?: Told['usage'];
  error?: unknown;
}

function note(told: Told, data: string): void {
  told.events++;
  if (data === '[DONE]') {
    told.isDone = true;
    return;
  }
  const { choices: [choice] = [], usage, error } = JSON.parse(data) as Chunk;
  told.text += choice?.delta?.content ?? '';
  told.finishReason = choice?.finish_reason ?? told.finishReason;
  told.usage = usage ?? told.usage;
  told.error = error ?? told.error;
}
