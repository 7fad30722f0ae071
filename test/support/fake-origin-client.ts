/**
 * An OriginClient that follows a script: for each call the head and the parts of the body, or a fault in their place. It
 * records the calls, and like the real client gives up what the caller aborts. It has no clock: a timeout is a scripted fault.
 */
import { OriginFault, type OriginCall, type OriginReply } from '../../src/contract/origin.ts';
import type { OriginClient } from '../../src/contract/ports.ts';

/** In place of a reply or a part: nothing comes until the caller leaves. */
export const SILENCE = Symbol('silence');

export type ScriptedPart = string | Uint8Array | OriginFault | typeof SILENCE;

export interface ScriptedReply extends Partial<
  Pick<OriginReply, 'status' | 'contentType' | 'retryAfter' | 'jsonLength'>
> {
  parts?: readonly ScriptedPart[];
}

/** `index` counts the calls from 0. */
export type Script = (call: OriginCall, index: number) => ScriptedReply | OriginFault | typeof SILENCE;

export interface FakeOriginClient extends OriginClient {
  readonly calls: readonly OriginCall[];
  /** Bodies that the caller cancelled before their end. */
  readonly cancelled: readonly OriginCall[];
  /** Streams of which the first event was told. */
  readonly begun: readonly OriginCall[];
}

export function createFakeOriginClient(script: Script): FakeOriginClient {
  const calls: OriginCall[] = [];
  const cancelled: OriginCall[] = [];
  const begun: OriginCall[] = [];
  return {
    calls,
    cancelled,
    begun,
    async send(call, signal) {
      if (signal.aborted) {
        throw clientLeft();
      }
      const scripted = script(call, calls.length);
      calls.push(call);
      if (scripted === SILENCE) {
        throw await untilAborted(signal);
      }
      if (scripted instanceof OriginFault) {
        throw scripted;
      }
      const {
        status = 200,
        contentType = 'application/json',
        retryAfter = null,
        jsonLength = null,
        parts = [],
      } = scripted;
      const bytes = async (maxBytes: number) => {
        const whole = new Uint8Array(await new Response(stream()).arrayBuffer());
        return whole.byteLength > maxBytes ? null : whole;
      };
      const stream = () => toBody(parts, signal, () => cancelled.push(call));
      return {
        status,
        contentType,
        retryAfter,
        retryAfterMs: retryAfter === null ? null : Number(retryAfter) * 1000,
        jsonLength,
        reader: () => stream().getReader(),
        sawEvent: () => {
          if (!begun.includes(call)) {
            begun.push(call);
          }
        },
        bytes,
        text: async (maxBytes) => {
          const whole = await bytes(maxBytes);
          return whole === null ? null : new TextDecoder().decode(whole);
        },
      };
    },
  };
}

function toBody(parts: readonly ScriptedPart[], signal: AbortSignal, onCancel: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(out) {
        const part = signal.aborted ? clientLeft() : parts[next];
        next += 1;
        if (part === undefined) {
          out.close();
        } else if (part === SILENCE) {
          throw await untilAborted(signal);
        } else if (part instanceof OriginFault) {
          throw part;
        } else {
          out.enqueue(typeof part === 'string' ? encoder.encode(part) : part);
        }
      },
      cancel: onCancel,
    },
    { highWaterMark: 0 },
  );
}

function untilAborted(signal: AbortSignal): Promise<OriginFault> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(clientLeft()), { once: true });
  });
}

function clientLeft(): OriginFault {
  return new OriginFault('cancelled', 'the client left');
}
