/**
 * The lead's side of a shared fill. The call belongs to the lead's request, which stays alive for it (about 30 s after its client left).
 * While nobody follows, the lead's client drives the origin by its own pulls, and nothing is read ahead; with followers the stream is read as
 * it comes. A timer of the lead shows that it is alive and looks who is still there.
 */
import type { FillLead } from '../contract/fills.ts';
import type { ChunkReader } from '../contract/origin.ts';
import { addChunk, chunkAt, isOver, type Fill } from './fill.ts';

export interface LeadOptions {
  fill: Fill;
  /** Of the lead's client. */
  signal: AbortSignal;
  maxBytes: number;
  tickMs: number;
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  /** Keeps the lead's request alive. */
  waitUntil: (work: Promise<unknown>) => void;
  /** Nobody may join any more. */
  close: () => void;
}

export function leadFill({ fill, signal, maxBytes, tickMs, now, sleep, waitUntil, close }: LeadOptions): FillLead {
  const call = new AbortController();
  let read: (() => Promise<void>) | null = null;
  let isReadingAhead = false;
  if (signal.aborted) {
    leave();
  }
  signal.addEventListener('abort', leave, { once: true });
  waitUntil(watch());

  return {
    role: 'lead',
    signal: call.signal,
    close,
    fail: (problem) => {
      fill.state = { kind: 'failed', problem };
      close();
    },
    end: () => {
      if (!isOver(fill)) {
        fill.state = { kind: 'failed', problem: { kind: 'internal' } };
      }
    },
    answer: (body, { origin, usage, isStorable }) => {
      fill.usage = usage;
      fill.isStorable = isStorable;
      fill.state = { kind: 'whole', body, origin };
    },
    note: ({ usage, isStorable }) => {
      fill.usage = usage;
      fill.isStorable = isStorable;
    },
    share: (reader, origin) => {
      fill.state = { kind: 'streaming', origin };
      read = createReads(reader, origin);
      return toClient(read);
    },
  };

  function leave(): void {
    fill.isLeadThere = false;
    if (fill.followers === 0) {
      giveUp();
    }
  }

  function giveUp(): void {
    close();
    call.abort();
  }

  async function watch(): Promise<void> {
    while (!isOver(fill) && !call.signal.aborted) {
      await sleep(tickMs);
      fill.aliveAt = now();
      fill.missed = 0;
      if (!fill.isLeadThere && fill.followers === 0) {
        giveUp();
      } else if (fill.followers > 0 && read !== null && !isReadingAhead) {
        isReadingAhead = true;
        waitUntil(readAhead(read));
      }
    }
  }

  /** Until the end, or until there is nobody but the lead again. */
  async function readAhead(next: () => Promise<void>): Promise<void> {
    while (!isOver(fill) && fill.followers > 0) {
      await next();
    }
    isReadingAhead = false;
  }

  /** One read at a time, whoever asks for it. Never rejects. */
  function createReads(reader: ChunkReader, origin: string): () => Promise<void> {
    let reading: Promise<void> | null = null;
    call.signal.addEventListener('abort', () => void reader.cancel().catch(() => undefined), { once: true });
    const step = async (): Promise<void> => {
      try {
        const { done, value } = await reader.read();
        if (done) {
          fill.state = { kind: call.signal.aborted ? 'broken' : 'ended', origin };
        } else {
          addChunk(fill, value, maxBytes);
        }
      } catch {
        fill.state = { kind: 'broken', origin };
      }
      reading = null;
    };
    return () => (reading ??= step());
  }

  function toClient(next: () => Promise<void>): ReadableStream<Uint8Array> {
    let place = 0;
    return new ReadableStream<Uint8Array>(
      {
        async pull(out) {
          for (;;) {
            const chunk = chunkAt(fill, place);
            if (chunk !== undefined && chunk !== null) {
              place += 1;
              out.enqueue(chunk);
              return;
            }
            if (chunk === null) {
              out.error(new Error('the stream was read further ahead than may be kept'));
              return;
            }
            if (isOver(fill)) {
              out.close();
              return;
            }
            await next();
          }
        },
        cancel: leave,
      },
      { highWaterMark: 0 },
    );
  }
}
