/**
 * What is known of the origins, as values, and the port that keeps it for an isolate. What the values mean and how they change is
 * `origin/`'s to say: `board.ts` and the files it names.
 */
import type { Origin } from './origin.ts';

/** An origin is one server, or several alike: servers of different speed are origins of their own. */
export interface OriginView {
  roundTrip: RoundTrip | null;
  server: ServerTime | null;
  /** When the prompts that this isolate sent there will have been read, as far as it can tell; milliseconds since the epoch. */
  busyUntil: number;
  /** This isolate's own requests there. */
  inFlight: number;
  report: LoadReport | null;
  /** Of `inFlight`, those that the report may know of. */
  inFlightAtReport: number;
  /**
   * By model, until the first token of a stream, and until the end of an answer that is not streamed; less what reading the prompt was to
   * take.
   */
  tails: Readonly<Record<'stream' | 'whole', ReadonlyMap<string, Tail>>>;
  /** When an answer's head last came, milliseconds since the epoch; 0 for never. */
  headAt: number;
  /** Calls in a row of which not even a head came. */
  silent: number;
  /** Of the connection: for all models. */
  breaker: Breaker;
  /** By model; closed where there is none. */
  breakers: ReadonlyMap<string, Breaker>;
}

/** By the origin's id. */
export type Board = ReadonlyMap<string, OriginView>;

/** Of the network between here and an origin. */
export interface RoundTrip {
  meanMs: number;
  /** Samples, as far as they still count. */
  weight: number;
  /** As of `at`; never below the mean. */
  peakMs: number;
  /** Of the last sample, milliseconds since the epoch. */
  at: number;
}

/** Moments of the samples, as of `at`. Tokens are thousands here, so that the numbers stay near one. */
export interface ServerTime {
  weight: number;
  tokens: number;
  ms: number;
  tokensSquared: number;
  tokensMs: number;
  /** Of the reports. */
  reports: number;
  busy: number;
  at: number;
}

/** What an origin tells of its load, some seconds old. */
export interface LoadReport {
  /** False where the board could not reach the origin. */
  isUp: boolean;
  waiting: number;
  running: number;
  /** Mean time that it took to read a prompt, and a token of one, between the last two readings; null where it read none. */
  prefillMs: number | null;
  prefillMsPerToken: number | null;
  /** The share of its readers that were reading, on average between the two; null where it is not told. */
  busy: number | null;
  /** Prompts that it reads at a time. */
  readers: number;
  /** When the origin said so, milliseconds since the epoch. */
  at: number;
}

/** How long answers took to begin: counts by logarithmic bins, fading. */
export interface Tail {
  /** By bin. */
  counts: readonly number[];
  /** As of when, milliseconds since the epoch. */
  at: number;
}

/** A circuit breaker. */
export interface Breaker {
  /** Outages in a row. */
  outages: number;
  /** Milliseconds since the epoch, all three; 0 for never. */
  openUntil: number;
  /** A trial is under way, at the longest until then. */
  trialUntil: number;
  /** When the last outage ended. */
  recoveredAt: number;
  /** It asked to be left alone until then. */
  busyUntil: number;
}

export type RoutingEvent =
  | SentEvent
  | CallEvent
  /** A background probe; null where it failed. */
  | { kind: 'probed'; origin: string; ms: number | null }
  | { kind: 'reported'; origin: string; report: LoadReport }
  | { kind: 'shared'; origin: string; roundTrip: RoundTrip };

/** Times are milliseconds. `tokens`: of the prompt, less those expected to be cached at the origin. `travelMs`: the way there. */
export interface SentEvent {
  kind: 'sent';
  origin: string;
  model: string;
  tokens: number;
  travelMs: number;
}

/** What becomes of a call. Times are milliseconds. */
export type CallEvent =
  /** The answer's head came `ms` after the call; null where it waited for the answer, and tells nothing of the network. */
  | { kind: 'headers'; origin: string; ms: number | null }
  /**
   * The answer began, where it is streamed, or is there as a whole: `lateMs` after the call, less what reading the prompt was expected to
   * take. `serverMs`: from arrival to first token, less what
   * was ahead of it by `busyUntil`; null where that is not known.
   */
  | {
      kind: 'first-token';
      origin: string;
      model: string;
      tokens: number;
      lateMs: number;
      serverMs: number | null;
      isStream: boolean;
    }
  | { kind: 'ended'; origin: string }
  /** Another origin was faster, and this one has not begun by `lateMs`, which is as above; `isSilent`: not even a head came. It has ended here. */
  | { kind: 'outrun'; origin: string; model: string; lateMs: number; isStream: boolean; isSilent: boolean }
  /** `isWhole`: the connection failed, which speaks for every model there. `isSilent`: not even a head came. The request has ended. */
  | { kind: 'failed'; origin: string; model: string; isWhole: boolean; isSilent?: boolean }
  /** It asked to wait. The request has ended. */
  | { kind: 'busy'; origin: string; model: string; waitMs: number };

/**
 * What this isolate knows of the origins, and what it may spend on them. Does no I/O on a request's path: what it learns from elsewhere
 * comes in beside the requests.
 */
export interface RoutingBoard {
  /** The catalogue in force: as it is configured, with what an administrator changed since. */
  origins(): readonly Origin[];
  views(): Board;
  /**
   * Notes that a call leaves, and gives what notes the rest of it. The first ending counts. One that never comes, for its request has died, is
   * made up for after `maxMs`.
   */
  begin(sent: SentEvent, maxMs?: number): (event: CallEvent) => void;
  readonly prefixes: PrefixMemory;
  /** One more request, which earns a share of an extra call. */
  earn(): void;
  /** Whether an extra call may be made; then it is spent. */
  spend(what: 'retry' | 'hedge'): boolean;
}

/** Which beginnings of prompts this isolate sent to which origin. */
export interface PrefixMemory {
  /** How many of the prompt's tokens the origin is likely to hold. */
  warmTokens(origin: string, blocks: readonly PrefixBlock[]): number;
  sent(origin: string, blocks: readonly PrefixBlock[]): void;
  /** The origin came back from an outage, and with nothing. */
  forget(origin: string): void;
}

export interface PrefixBlock {
  /** Of the prompt from its beginning to this block's end. */
  hash: number;
  /** Estimated; of this block alone. */
  tokens: number;
}
