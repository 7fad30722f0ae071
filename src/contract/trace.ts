/** What happened to one request: logged as one JSON line, so the names are the log's own (snake case). */
export interface Trace {
  request_id: string;
  time: string;
  route: string;
  tenant: string | null;
  key: string | null;
  colo: string | null;
  model: string | null;
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
  /** How the body ended: `complete`, `cut`, `cancelled`. */
  ended: string;
}

/** One stage's decision and time. */
export interface TraceStage {
  stage: string;
  decision: string;
  ms: number;
  detail?: string;
}
