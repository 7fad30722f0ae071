/**
 * Origin calls that identical requests of one isolate share. The one that comes first leads: its request makes the call.
 * The others follow: each is given the whole answer from its beginning. The call ends when the last of them has left.
 */
import type { ChunkReader } from './origin.ts';
import type { Problem, Result } from './problem.ts';
import type { Usage } from './usage.ts';

export interface Fills {
  /** Synchronous, so that of several at once one leads. `key`: equal for requests that one reply serves, byte for byte. */
  enter(key: string, signal: AbortSignal): FillLead | FillFollower;
}

export interface FillLead {
  readonly role: 'lead';
  /** Of the call: it aborts when nobody wants the answer any more, or the lead alone did and left. */
  readonly signal: AbortSignal;
  fail(problem: Problem): void;
  /** The whole answer. */
  answer(body: string, facts: FillFacts): void;
  /** Passes a stream on to all. Gives the lead's own. */
  share(reader: ChunkReader, origin: string): ReadableStream<Uint8Array>;
  /** What the stream was, once it has ended. */
  note(facts: Omit<FillFacts, 'origin'>): void;
  /** Nobody waits for the answer any more; the call has ended. */
  end(): void;
  /** The answer is in the cache, or will never be: who comes now begins anew. */
  close(): void;
}

export interface FillFollower {
  readonly role: 'follower';
  /** Null where the lead died before anything came: the caller is to enter again. */
  reply(): Promise<Result<FillReply> | null>;
  /** Without a reply. */
  leave(): void;
}

export interface FillReply {
  body: string | ReadableStream<Uint8Array>;
  origin: string;
  /** Once the body has ended; null where it is not known. Never rejects. */
  usage: Promise<Usage | null>;
}

export interface FillFacts {
  origin: string;
  usage: Usage;
  /** It is on its way into the cache: until it is there, who comes is given it. */
  isStorable: boolean;
}
