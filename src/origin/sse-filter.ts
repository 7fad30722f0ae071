/**
 * Takes the bytes of an origin's event stream and gives the text that the client gets, keeping what the meter and the
 * cache want to know. Pure: no waiting, no streams. The bytes may be split anywhere.
 *
 * The hot path, one event a token, looks at the text alone. JSON is parsed only where a test on the text says that the event
 * may hold usage or an error; quotes inside of content are escaped in JSON, so content seldom fools the test, and the
 * parsed object has the last word.
 */
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { isJsonObject, type JsonObject } from '../contract/json.ts';
import type { Usage } from '../contract/usage.ts';
import { describeError, holdsError, readError, type OpenAiError } from './openai-error.ts';
import { parseObject } from './parse-object.ts';
import { readUsage } from './read-usage.ts';

export interface SseFilterOptions {
  /** False drops the event that holds usage and no choices. */
  wantsUsage: boolean;
  /** Of the stream as received; beyond, events are not kept for the cache. */
  maxStoredBytes: number;
  /** A larger event is taken for garbage. */
  maxEventBytes: number;
}

export interface SseFilter {
  /** The text to pass on, which may be empty. Nothing is passed on once `outcome` is set. */
  push(bytes: Uint8Array): string;
  /** To be called at the end of the bytes: takes a `[DONE]` without its blank line, drops any other unfinished event. */
  end(): string;
  readonly facts: Readonly<StreamFacts>;
}

export interface StreamFacts {
  /** JSON events, usage and all. */
  chunks: number;
  receivedBytes: number;
  outcome: StreamOutcome | null;
  /** The `data` of each event but usage and `[DONE]`; null where that is more than may be stored. */
  events: string[] | null;
  /** The last one reported. */
  usage: Usage | null;
  /** Events that carry generated text. */
  tokens: number;
}

/** `done`: `[DONE]` came. `failed`: what came is not the protocol, or is an error that the origin reported. `detail` is for the trace. */
export type StreamOutcome = { kind: 'done' } | { kind: 'failed'; detail: string; error: OpenAiError | null };

const MAY_HOLD_USAGE = /"usage"\s*:\s*\{/;
const MAY_HOLD_ERROR = '"error"';
const CARRIES_TEXT = /"(?:content|text|arguments|reasoning_content|reasoning)"\s*:\s*"(?!")/;

export function createSseFilter({ wantsUsage, maxStoredBytes, maxEventBytes }: SseFilterOptions): SseFilter {
  const facts: StreamFacts = { chunks: 0, receivedBytes: 0, outcome: null, events: [], usage: null, tokens: 0 };
  // Bytes that are no UTF-8 become U+FFFD, as in the client's own parser: one bad byte does not end a stream.
  const decoder = new TextDecoder();
  let isEnding = false;
  let out = '';

  const parser = createParser({
    maxBufferSize: maxEventBytes,
    onEvent(message) {
      if (facts.outcome === null) {
        take(message);
      }
    },
    onComment(comment) {
      // Keep-alives. Before the first event no head has left, so there is nothing to keep alive.
      if (facts.outcome === null && facts.chunks > 0 && !isEnding) {
        out += `: ${comment}\n\n`;
      }
    },
    onError(problem) {
      if (problem.type === 'max-buffer-size-exceeded') {
        facts.outcome ??= toGarbage(`an event of more than ${maxEventBytes} bytes`);
      } else if (problem.field === 'error' && facts.outcome === null) {
        // Older llama.cpp reports an error as a field of its own: `error: {"message":…}`.
        facts.outcome = toError(parseObject(problem.value ?? ''));
      }
    },
  });

  function take({ event, id, data }: EventSourceMessage): void {
    if (data === '[DONE]') {
      facts.outcome = { kind: 'done' };
      out += 'data: [DONE]\n\n';
    } else if (!isEnding) {
      takeChunk({ event, id, data });
    }
  }

  function takeChunk(message: EventSourceMessage): void {
    const { data } = message;
    const mustParse =
      facts.chunks === 0 ||
      data.includes(MAY_HOLD_ERROR) ||
      MAY_HOLD_USAGE.test(data) ||
      message.event === 'error' ||
      !looksLikeObject(data);
    const chunk = mustParse ? parseObject(data) : null;
    if (message.event === 'error' || (chunk !== null && holdsError(chunk))) {
      facts.outcome = toError(chunk);
      return;
    }
    if (mustParse && chunk === null) {
      facts.outcome = toGarbage('an event that is no JSON object');
      return;
    }
    facts.chunks += 1;
    facts.usage = readUsage(chunk?.['usage']) ?? facts.usage;
    if (chunk !== null && isUsageOnly(chunk)) {
      out += wantsUsage ? serialise(message) : '';
      return;
    }
    facts.tokens += CARRIES_TEXT.test(data) ? 1 : 0;
    facts.events?.push(data);
    out += serialise(message);
  }

  function flush(): string {
    const text = out;
    out = '';
    return text;
  }

  return {
    facts,
    push(bytes) {
      facts.receivedBytes += bytes.byteLength;
      if (facts.receivedBytes > maxStoredBytes) {
        facts.events = null;
      }
      if (facts.outcome === null) {
        parser.feed(decoder.decode(bytes, { stream: true }));
      }
      return flush();
    },
    end() {
      isEnding = true;
      if (facts.outcome === null) {
        parser.feed('\n\n');
      }
      return flush();
    },
  };
}

function isUsageOnly({ choices, usage }: JsonObject): boolean {
  return Array.isArray(choices) && choices.length === 0 && isJsonObject(usage);
}

function looksLikeObject(data: string): boolean {
  return data.charCodeAt(0) === 0x7b && data.charCodeAt(data.length - 1) === 0x7d;
}

function toGarbage(detail: string): StreamOutcome {
  return { kind: 'failed', detail, error: null };
}

function toError(json: JsonObject | null): StreamOutcome {
  const fallback = { message: 'The origin reported an error.', type: 'server_error', param: null, code: null };
  const error = readError(json, 'server_error') ?? fallback;
  return { kind: 'failed', detail: `an error event: ${describeError(error)}`, error };
}

function serialise({ event, id, data }: EventSourceMessage): string {
  if (event === undefined && id === undefined && !data.includes('\n')) {
    return `data: ${data}\n\n`;
  }
  const head = (event === undefined ? '' : `event: ${event}\n`) + (id === undefined ? '' : `id: ${id}\n`);
  return `${head}data: ${data.replaceAll('\n', '\ndata: ')}\n\n`;
}
