/**
 * How far a namespace's near hits are trusted: what is known of a candidate before its answer is served, what became of
 * a request, and what has been learnt from both.
 */
import type { Jurisdiction, StoreFault } from './ports.ts';
import type { Result } from './problem.ts';

/** An entry near the question asked. */
export interface Near {
  /** Of the stored question. */
  entry: string;
  /** Cosine, -1 to 1. */
  similarity: number;
  /** Which answer it holds: equal for entries that are known to hold the same one. */
  answer: string;
}

/** Of the question asked and the candidate's. */
export interface PairFacts {
  /** The verifier's, for "the same question"; null where there is none. */
  logit: number | null;
  /** Differences that the guards noticed and did not refuse for. */
  hints: number;
  /** Of the two texts in letters or words, any unit. */
  lengths: readonly [asked: number, answered: number];
}

export interface Verdict {
  isServed: boolean;
  /** ln of the odds of being right, as the head says; null where the verifier did not speak. */
  score: number | null;
  /** By the head's order; null as `score` is. */
  features: readonly number[] | null;
  reason: 'served' | 'barred' | 'unverified' | 'closed' | 'unsure';
}

/** Whose near hits are judged alike: those of one namespace of one owner, in one place. */
export interface TrustDomain {
  owner: string;
  namespace: string;
  jurisdiction: Jurisdiction | null;
}

/** What the namespace's policy asks for. */
export interface TrustWish {
  /** The share of requests that may be answered wrongly. */
  delta: number;
  /** Of near hits and near misses that are checked once the namespace is learnt; 0 checks and promises nothing. */
  shadowShare: number;
}

export interface NearTrust {
  /** From the isolate's memory, refreshed in the background; a domain's first request waits for the store, briefly. Never throws. */
  serve(domain: TrustDomain, wish: TrustWish): Promise<ServedTrust>;
  /** Says of a near hit of the last day whether its answer was right. False where no such hit is known; what is said again counts once. */
  feedback(domain: TrustDomain, wish: TrustWish, said: Feedback): Promise<Result<boolean, StoreFault>>;
  stats(domain: TrustDomain, wish: TrustWish): Promise<Result<CacheStats, StoreFault>>;
  /** Checked pairs, oldest first, `limit` at most, from those after `after` on (0: from the first). */
  labels(
    domain: TrustDomain,
    from: { after: number; limit: number },
  ): Promise<Result<readonly LabelledPair[], StoreFault>>;
}

/** What is in force for one request. */
export interface ServedTrust {
  /** False: the head does not look at the verifier's logit, so nobody need ask for it. */
  readonly usesVerifier: boolean;
  /** The most that the verifier says. Stands for what it would have said where nothing it could say mattered: the score is then an upper bound. */
  readonly mostLogit: number;
  /** Of near hits, to be checked against the origin: by a coin that knows nothing of the question. */
  readonly share: number;
  /** The same of candidates that were judged and not served. */
  readonly missShare: number;
  /**
   * False: whatever the verifier said, the candidate would not be served, and it need not be asked. `facts`: without its logit. True also where
   * what it says is to be learnt from.
   */
  isWorthVerifying: (near: readonly Near[], candidate: Near, facts: PairFacts) => boolean;
  /** `near`: nearest first, `candidate` among them. Null facts, or no logit where the head wants one: nothing is served. */
  judge(near: readonly Near[], candidate: Near, facts: PairFacts | null): Verdict;
  /** Once a request, when all is known of it. Never throws. */
  note(outcome: TrustNote): void;
}

/** What became of one request that the cache could have answered. */
export interface TrustNote {
  requestId: string;
  tier: 'exact' | 'near' | 'shared' | 'miss';
  /** Near questions were looked for. */
  wasSearched: boolean;
  /** Guards that refused a candidate, by name. */
  refusals: readonly string[];
  judged: JudgedCandidate | null;
  /** The judged candidate's answer, held against the origin's; `failed`: it was to be checked and could not be. */
  check: 'right' | 'wrong' | 'failed' | 'none';
  savedTokens: number;
  savedUsd: number;
}

export interface JudgedCandidate {
  entry: string;
  similarity: number;
  score: number;
  features: readonly number[];
  asked: string;
  answered: string;
}

export interface Feedback {
  requestId: string;
  isRight: boolean;
}

export interface LabelledPair {
  /** Rises with each label. */
  number: number;
  asked: string;
  answered: string;
  isRight: boolean;
  similarity: number;
  /** Near hits and near misses that were checked, and what clients said. */
  source: 'hit' | 'miss' | 'feedback';
  /** Milliseconds since the epoch. */
  at: number;
}

export interface CacheStats {
  requests: number;
  exactHits: number;
  nearHits: number;
  sharedAnswers: number;
  misses: number;
  /** By guard: candidates that it refused. */
  refusals: Readonly<Record<string, number>>;
  savedTokens: number;
  savedUsd: number;
  /** Reports of isolates that were lost, as far as these came to tell: what they counted is missing here. */
  lostReports: number;
  trust: TrustStats;
}

export interface TrustStats {
  delta: number;
  /** Requests that near hits could have answered. */
  searched: number;
  /** Wrong answers served, at most, with 95 % confidence, over all of them. */
  mostWrong: number;
  /** Near hits that were checked, how many of these were wrong, and the 95 % interval of the share (Clopper and Pearson 1934). */
  checkedHits: number;
  wrongHits: number;
  wrongShare: { readonly low: number; readonly high: number };
  /** Near hits that were drawn and could not be checked. For `mostWrong` they count as found wrong. */
  failedChecks: number;
  /** The share of near hits that the head itself expects to be wrong; null before the first. */
  expectedWrongShare: number | null;
  labels: number;
  /** The least score that is served; null: nothing is. */
  threshold: number | null;
  share: number;
  /** The head in force was learnt here. */
  hasOwnHead: boolean;
  barredEntries: number;
  /** A change in the labels was noticed and has not settled. */
  isUnsettled: boolean;
  /** What had been learnt cannot be read: no near hit is served. */
  isLost: boolean;
}
