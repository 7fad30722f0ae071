/** What happened to one request: logged as one JSON line, so the names are the log's own (snake case). */
export interface Trace {
  request_id: string;
  /** Milliseconds since the epoch. */
  started_at: number;
  route: string;
  tenant: string | null;
  key: string | null;
  colo: string | null;
  model: string | null;
  /** What the client asked for where that was no model but stood for one. */
  alias: string | null;
  status: number;
  /** The problem's kind, where there was one. */
  problem: string | null;
  cache: string | null;
  similarity: number | null;
  origin: string | null;
  stream: boolean;
  stages: TraceStage[];
  prompt_tokens: number;
  completion_tokens: number;
  tokens_from: 'origin' | 'estimate' | 'local' | 'cache' | null;
  /** US dollars at the origin's price; what a hit would have cost is `saved_usd`. */
  cost_usd: number;
  saved_usd: number;
  /** Until the answer's head left, and until its last byte. */
  head_ms: number;
  total_ms: number;
  /** How the body ended: `complete`, `cut`, `stalled`, `cancelled`. */
  ended: string;
  /** What became of the answer in the cache; null where nothing was generated. */
  store: string | null;
}

/** One stage's decision and time. */
export interface TraceStage {
  stage: string;
  decision: string;
  ms: number;
  detail?: string;
}

/** Collects one request's trace. The line is written once, when the answer's head has left and its body has ended. */
export interface Recorder {
  readonly trace: Readonly<Trace>;
  set(facts: Partial<Trace>): void;
  /** Runs a stage, notes how long it took and, in words, what it decided. */
  stage<T>(stage: string, work: () => Promise<T>, decide: (outcome: T) => string | StageNote): Promise<T>;
  /** What is left to do and to learn once the head has left: it runs in the background and never rejects. */
  endsWith(ending: () => Promise<Partial<Trace>>): void;
  /** The answer's head leaves now. */
  leave(status: number): void;
  /** Runs what is left and writes the line. */
  finish(): Promise<void>;
}

export interface StageNote {
  decision: string;
  detail: string;
}
