/**
 * Relays an origin's event stream to the client as it comes. Opening waits for the first event, so that a stream that is
 * broken from the start can be asked for elsewhere; after that the client's stream never errors: whatever goes wrong ends
 * it with an `error` event. Back-pressure is kept: one read of the origin for each read of the client, nothing in store.
 */
import { OriginFault, type ChunkReader } from '../contract/origin.ts';
import type { Usage } from '../contract/usage.ts';
import { discard } from './discard.ts';
import { toErrorBody, type OpenAiError } from './openai-error.ts';
import { createSseFilter, type SseFilter, type SseFilterOptions } from './sse-filter.ts';

export interface RelayOptions extends Pick<SseFilterOptions, 'wantsUsage' | 'maxStoredBytes'> {
  maxEventBytes?: number;
  /** Something has come that the client gets, an event first of all. */
  onEvent?: () => void;
}

export interface Relay {
  /** What the client gets. Never rejects. */
  reader: ChunkReader;
  /** How it went, once the last part was read. Never rejects. */
  ended: Promise<RelayEnd>;
}

/**
 * `events`: the `data` of each event but usage and `[DONE]`, null where they are more than may be stored. `tokens`: events
 * with generated text, an estimate of the completion's tokens where `usage` is null.
 */
export type RelayEnd = { usage: Usage | null; tokens: number } & (
  | { kind: 'complete'; events: readonly string[] | null }
  | { kind: 'cut' | 'stalled'; detail: string }
  | { kind: 'cancelled' }
);

/** One read of the origin: text for the client, and whether that was the last. */
interface Step {
  text: string;
  ending: 'done' | OriginFault | null;
}

const encoder = new TextEncoder();

/** Throws an {@link OriginFault} where the origin breaks, ends or reports an error before the first event. */
export async function openRelay(
  reader: ChunkReader,
  { wantsUsage, maxStoredBytes, maxEventBytes = 8 * 1024 * 1024, onEvent = () => {} }: RelayOptions,
): Promise<Relay> {
  const filter = createSseFilter({ wantsUsage, maxStoredBytes, maxEventBytes });
  let held: Step | null = await readFirst(reader, filter, maxEventBytes);
  onEvent();
  const { promise: ended, resolve: settle } = Promise.withResolvers<RelayEnd>();
  let isOver = false;

  async function read(): Promise<Part> {
    // A part holds something: read on while there is nothing to pass on.
    while (!isOver) {
      const { text, ending } = held ?? (await readStep(reader, filter));
      held = null;
      if (text !== '') {
        onEvent();
      }
      if (isOver) {
        break;
      }
      const rest = ending instanceof OriginFault ? text + toLastEvent(ending, filter) : text;
      if (ending !== null) {
        isOver = true;
        settle(toEnd(ending, filter));
        void (ending === 'done' ? drain(reader) : discard(reader));
      }
      if (rest !== '') {
        return { done: false, value: encoder.encode(rest) };
      }
    }
    return { done: true, value: undefined };
  }

  async function cancel(): Promise<void> {
    if (!isOver) {
      isOver = true;
      settle({ kind: 'cancelled', ...countsOf(filter) });
      await discard(reader);
    }
  }

  return { reader: { read, cancel }, ended };
}

type Part = Awaited<ReturnType<ChunkReader['read']>>;

async function readFirst(reader: ChunkReader, filter: SseFilter, maxBytes: number): Promise<Step> {
  let text = '';
  for (;;) {
    const step = await readStep(reader, filter);
    const fault = step.ending === 'done' ? null : step.ending;
    const isEmpty = filter.facts.chunks === 0 && (step.ending === 'done' || filter.facts.receivedBytes > maxBytes);
    if (fault !== null || isEmpty) {
      await discard(reader);
      throw fault ?? endedEarly(filter);
    }
    text += step.text;
    if (filter.facts.chunks > 0) {
      return { ...step, text };
    }
  }
}

async function readStep(reader: ChunkReader, filter: SseFilter): Promise<Step> {
  try {
    const { done, value } = await reader.read();
    const text = done ? filter.end() : filter.push(value);
    return { text, ending: endingOf(filter) ?? (done ? endedEarly(filter) : null) };
  } catch (error) {
    return { text: '', ending: error instanceof OriginFault ? error : new OriginFault('cut', 'reading failed') };
  }
}

/** The server ended it, and not the network: where nothing came, that is its answer. */
function endedEarly({ facts: { chunks } }: SseFilter): OriginFault {
  return chunks === 0
    ? new OriginFault('garbage', 'a stream without any event')
    : new OriginFault('cut', 'the stream ended without [DONE]');
}

function endingOf({ facts: { outcome } }: SseFilter): Step['ending'] {
  if (outcome === null) {
    return null;
  }
  return outcome.kind === 'done' ? 'done' : new OriginFault('garbage', outcome.detail);
}

/** The origin's own words where it reported an error, else ours. */
function toLastEvent(fault: OriginFault, { facts: { outcome } }: SseFilter): string {
  const ours: OpenAiError =
    fault.kind === 'stalled'
      ? { message: 'The origin stopped answering.', type: 'server_error', param: null, code: 'origin_timeout' }
      : { message: "The origin's answer broke off.", type: 'server_error', param: null, code: 'origin_failed' };
  return `data: ${toErrorBody((outcome?.kind === 'failed' ? outcome.error : null) ?? ours)}\n\n`;
}

function toEnd(ending: 'done' | OriginFault, filter: SseFilter): RelayEnd {
  const counts = countsOf(filter);
  if (ending === 'done') {
    return { kind: 'complete', events: filter.facts.events, ...counts };
  }
  if (ending.kind === 'cancelled') {
    return { kind: 'cancelled', ...counts };
  }
  return { kind: ending.kind === 'stalled' ? 'stalled' : 'cut', detail: ending.message, ...counts };
}

function countsOf({ facts: { usage, tokens } }: SseFilter): { usage: Usage | null; tokens: number } {
  return { usage, tokens };
}

/** Reads the end that follows `[DONE]`: a body that is cancelled instead costs the connection, and the next call a handshake. */
async function drain(reader: ChunkReader): Promise<void> {
  try {
    const { done } = await reader.read();
    if (!done) {
      await reader.cancel();
    }
  } catch {
    // The answer has left already.
  }
}
